// Runs every test on every site: `node run.mjs [part of a test's name]`. Called by run.sh, which fetches the tools.

import { checkInBrowser } from "./browser.mjs";
import { checkFiles, checkWithNu } from "./files.mjs";
import { checkHosting } from "./hosting.mjs";
import { checkMinified } from "./minify.mjs";
import { checkPreview } from "./preview.mjs";
import { checkWidths } from "./widths.mjs";
import { build, cleanUp, serve, sites } from "./sites.mjs";

let passed = 0;
let failed = 0;
const only = process.argv[2] ?? "";

/** One line per test; `find` answers with the list of what is wrong. */
async function check(name, find) {
  let problems;
  try {
    problems = await find();
  } catch (error) {
    problems = [error.stack];
  }
  problems.length ? failed++ : passed++;
  console.log(problems.length ? `FAIL  ${name}` : `ok    ${name}`);
  const shown = problems.slice(0, 20);
  for (const problem of shown) console.log(`        ${problem.replaceAll("\n", "\n        ")}`);
  if (shown.length < problems.length) console.log(`        … and ${problems.length - shown.length} more`);
}

const test = async (name, find) => name.includes(only) && check(name, find);

const servers = [];
try {
  for (const site of sites) {
    await check(`${site.name}: builds`, () => {
      try {
        build(site);
        return [];
      } catch (error) {
        return [String(error.stderr ?? error)];
      }
    });
  }
  const built = sites.filter((site) => site.files);
  for (const site of built) servers.push(await serve(site));
  for (const site of built) await checkFiles(site, test);
  await Promise.all([checkWithNu(built, test), checkInBrowser(built, test)]);
  if ("hosting:".startsWith(only) || only.startsWith("hosting:")) await checkHosting(built, check);
  if ("minify:".startsWith(only) || only.startsWith("minify:")) await checkMinified(check);
  if ("nasty".startsWith(only) || only.startsWith("nasty")) await checkWidths(test);
  if ("preview:".startsWith(only) || only.startsWith("preview:")) await checkPreview(check);
} finally {
  for (const server of servers) server.close();
  cleanUp();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
