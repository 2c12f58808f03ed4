const { site } = require("../../config.js");
const { wordsFor } = require("../../words.js");
const { openSession } = require("./session.js");

Page({
  data: { url: "", failed: false, words: wordsFor("zh") },

  onLoad() {
    const words = wordsFor(wx.getAppBaseInfo().language);
    this.setData({ words });
    wx.setNavigationBarTitle({ title: words.title });
    this.open();
  },

  async open() {
    this.setData({ failed: false });
    try {
      this.setData({ url: await openSession(wx, site) });
    } catch (error) {
      // Which of the steps failed changes nothing for the person.
      this.setData({ failed: true });
    }
  },

  call(event) {
    wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.number });
  },
});
