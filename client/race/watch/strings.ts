import type { Language } from "../core/config";

const en = {
  loading: "Fetching the replay",
  failed: "The replay cannot be shown",
  retry: "Try again",
  otherRules:
    "It was driven by other rules than today's. Reload the page; if that does not help, it is too old.",
  otherRoad: "It was driven on another road than the one that is here.",
  karts: "It holds several karts, and only one can be shown.",
  untrue: "Driven again, it did not come out as it says.",
  controls: "Replay controls",
  play: "Play",
  pause: "Pause",
  again: "Play again",
  place: "Place in the replay",
  placeText: "{time} of {total}, lap {lap} of {laps}",
  countdown: "Countdown",
  lap: "Lap {lap}/{laps}",
  finished: "Finished",
  pace: "Speed of the replay",
  soundOn: "Sound on",
  soundOff: "Sound off",
  full: "Full screen",
  notFull: "Leave full screen",
  raceGhost: "Race this ghost",
  ownPage: "Open on a page of its own",
  back: "Back to the record",
  grid: "Grid",
  chase: "Chase",
  trackside: "Trackside",
  air: "From the air",
};

export type WatchStrings = Record<keyof typeof en, string>;

const zh: WatchStrings = {
  loading: "取回回放",
  failed: "回放无法播放",
  retry: "再试一次",
  otherRules: "它按另一版规则驾驶。请刷新页面；若仍无效，就是年代太久了。",
  otherRoad: "它跑的不是这里的这条路。",
  karts: "其中有多辆车，这里只能播放一辆。",
  untrue: "重新驾驶后，结果与它所说的不符。",
  controls: "回放控制",
  play: "播放",
  pause: "暂停",
  again: "重播",
  place: "回放位置",
  placeText: "{time}，共 {total}，第 {lap} 圈，共 {laps} 圈",
  countdown: "倒计时",
  lap: "第 {lap}/{laps} 圈",
  finished: "完赛",
  pace: "播放速度",
  soundOn: "打开声音",
  soundOff: "关闭声音",
  full: "全屏",
  notFull: "退出全屏",
  raceGhost: "挑战这辆幽灵车",
  ownPage: "在单独的页面打开",
  back: "返回成绩页",
  grid: "发车区",
  chase: "跟拍",
  trackside: "路边机位",
  air: "航拍",
};

export const watchStringsFor = (language: Language): WatchStrings =>
  language === "zh-hans" ? zh : en;
