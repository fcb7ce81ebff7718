// Serves a stateful local Slack on the port that is named, seeded with the JSON that is named; ends with its parent.
// Its clock stands where the newest line of its input (milliseconds since 1970) puts it; each line is answered by one.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

let now = Date.now();
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...given) {
    super(...(given.length ? given : [now]));
  }
  static now() {
    return now;
  }
};
const { createEmulator } = await import("emulate");
const [port, seed] = process.argv.slice(2);
const slack = await createEmulator({
  service: "slack",
  port: Number(port),
  seed: { slack: JSON.parse(readFileSync(seed, "utf8")) },
});
console.log(slack.url);
createInterface({ input: process.stdin })
  .on("line", (line) => {
    now = Number(line);
    console.log("set");
  })
  .on("close", () => process.exit(0));
