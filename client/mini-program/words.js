// What the Mini Program itself says; everything else is the web chat's.
const WORDS = {
  zh: {
    title: "月门健康",
    opening: "正在打开健康评估……",
    failed: "打不开健康评估。请检查网络后再试。",
    again: "再试一次",
    urgent: "担心有生命危险？请立即拨打急救电话。",
    call: "拨打 120（中国）",
    callUk: "拨打 999（英国）",
    doctor: "这是计算机程序（人工智能），不是医生，也不是注册的医疗器械。",
  },
  en: {
    title: "Moongate health",
    opening: "Opening the health assessment …",
    failed: "The health assessment does not open. Check your connection and try again.",
    again: "Try again",
    urgent: "Do you fear for your life? Call an ambulance now.",
    call: "Call 120 (China)",
    callUk: "Call 999 (UK)",
    doctor: "This is a computer program (AI), no doctor and no registered medical device.",
  },
};

// WeChat says zh_CN, zh_TW, en and others.
const wordsFor = (language) => WORDS[String(language || "").startsWith("zh") ? "zh" : "en"];

module.exports = { WORDS, wordsFor };
