// What caniemail and html-validate say of one letter: HTML on stdin, the folder of packages as argument, JSON on stdout.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modules] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(`${modules}/${path}`).href);
const { caniemail } = await load("caniemail/dist/index.js");
const { HtmlValidate, StaticConfigLoader } = await load("html-validate/dist/esm/index.js");

const html = readFileSync(0, "utf8");
const clients = ["gmail.*", "outlook.*", "apple-mail.*", "mail-ru.*", "yahoo.*"];
const { issues } = caniemail({ clients, html });
const unsupported = {};
for (const [client, found] of issues.errors) {
  for (const { title } of found) (unsupported[title] ??= new Set()).add(client);
}
// A letter's styles stand in its tags: that is what "inlined" means. Everything else of the recommended rules holds.
const rules = { "no-inline-style": "off" };
const validator = new HtmlValidate(new StaticConfigLoader({ extends: ["html-validate:recommended"], rules }));
const report = await validator.validateString(html);
const errors = report.results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => ({ ruleId, message, line })));
console.log(JSON.stringify({ unsupported: Object.fromEntries(Object.entries(unsupported).map(([title, set]) => [title, [...set]])), errors }));
