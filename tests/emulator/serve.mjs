// Serves a stateful local Slack on the port that is named, seeded with the JSON that is named; ends with its parent.
import { readFileSync } from "node:fs";
import { createEmulator } from "emulate";

const [port, seed] = process.argv.slice(2);
const slack = await createEmulator({
  service: "slack",
  port: Number(port),
  seed: { slack: JSON.parse(readFileSync(seed, "utf8")) },
});
console.log(slack.url);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
