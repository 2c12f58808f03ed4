// From `wx.login` to the address that the web-view opens. Nothing of the sign-in stays here.
const TIMEOUT_MS = 15000;

// `answer` is what the site said: its address, and only that, may be opened.
const addressIn = (answer, site) => {
  const url = answer && answer.statusCode === 200 && answer.data && answer.data.url;
  return typeof url === "string" && url.startsWith(`${site}/`) ? url : null;
};

const login = (wx) =>
  new Promise((resolve, reject) => {
    wx.login({
      timeout: TIMEOUT_MS,
      success: ({ code }) => (code ? resolve(code) : reject(new Error("no code"))),
      fail: () => reject(new Error("no login")),
    });
  });

const exchange = (wx, site, code) =>
  new Promise((resolve, reject) => {
    wx.request({
      url: `${site}/health/wechat/mini/`,
      method: "POST",
      data: { code },
      dataType: "json",
      timeout: TIMEOUT_MS,
      success: resolve,
      fail: () => reject(new Error("no answer")),
    });
  });

// The address to open; rejects when WeChat or the site gives none.
const openSession = async (wx, site) => {
  const url = addressIn(await exchange(wx, site, await login(wx)), site);
  if (url === null) throw new Error("no address");
  return url;
};

module.exports = { addressIn, openSession };
