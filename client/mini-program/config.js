// Where your Moongate is: MOONGATE_PUBLIC_URL, without a slash at the end.
module.exports = { site: "https://moongate.example" };
