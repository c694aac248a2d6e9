// What can be told from the files alone: every page of every site, without a browser.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, normalize } from "node:path";
import { promisify } from "node:util";

const vnuJar = join(dirname(createRequire(import.meta.url).resolve("vnu-jar/package.json")), "build/dist/vnu.jar");

const TAG = /<!--[^]*?-->|<(script|style)\b([^>]*)>[^]*?<\/\1\s*>|<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>|[^<]+/gi;
const ATTRIBUTE = /([^\s=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const decode = (text) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name]);
const VOID = new Set(["meta", "link", "br", "img", "hr", "input", "wbr", "col"]);
const NEVER_EMPTY = new Set("title h1 h2 h3 h4 p li a dt dd th td caption ul ol dl".split(" "));

/** A page as a flat list of `{ opens, at, alone }`, `{ closes }` and `{ text }`. Enough for HTML the Nu checker has passed. */
function read(html) {
  const attributes = (text) => Object.fromEntries([...text.matchAll(ATTRIBUTE)]
    .map(([, name, a, b, c]) => [name.toLowerCase(), decode(a ?? b ?? c ?? "")]));
  const tokens = [];
  for (const [whole, raw, rawAttributes, slash, name, rest] of html.matchAll(TAG)) {
    if (raw) tokens.push({ opens: raw.toLowerCase(), at: attributes(rawAttributes), alone: true });
    else if (slash) tokens.push({ closes: name.toLowerCase() });
    else if (name) tokens.push({ opens: name.toLowerCase(), at: attributes(rest), alone: VOID.has(name) || rest.endsWith("/") });
    else if (!whole.startsWith("<")) tokens.push({ text: decode(whole) });
  }
  return tokens;
}

/** What one page shows, and what is wrong with it alone. */
function look(html, language) {
  const page = { ids: new Set(), references: [], title: "", kind: null, problems: [] };
  const problem = (text) => page.problems.push(text);
  const open = [];
  const inside = (...names) => open.some(({ name }) => names.includes(name));
  const headings = [];
  const mains = [];
  for (const { text, opens, closes, at, alone } of read(html)) {
    if (text !== undefined) {
      if (text.trim() !== "") for (const element of open) element.isEmpty = false;
      if (inside("title")) page.title += text;
      if (!inside("title", "code") && /\b\d{4}-\d{2}-\d{2}\b/.test(text)) problem(`a date for machines: ${text.trim()}`);
      if (inside("a") && /^\s*(こちら|ここ|here|click here)\s*$/i.test(text)) problem(`a link that only says "${text.trim()}"`);
      continue;
    }
    if (closes) {
      const element = open.pop();
      if (element?.name !== closes) problem(`</${closes}> closes <${element?.name}>`);
      else if (element.isEmpty && (NEVER_EMPTY.has(closes) || element.class === "figure")) problem(`an empty <${closes} class="${element.class ?? ""}">`);
      if (element?.wantsCaption) problem("a table without a caption or a named region");
      continue;
    }
    if ("id" in at) {
      if (page.ids.has(at.id)) problem(`id ${at.id} twice`);
      page.ids.add(at.id);
    }
    for (const name of Object.keys(at)) if (/^(style|on.*)$/.test(name)) problem(`<${opens} ${name}>: a strict policy refuses it`);
    for (const name of ["href", "src"]) if (name in at) page.references.push({ target: at[name], isCanonical: at.rel === "canonical" });
    for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
      for (const id of at[name]?.split(/\s+/) ?? []) page.references.push({ target: `#${id}` });
    }
    if (opens === "html" && at.lang !== language) problem(`lang is ${at.lang}`);
    if (opens === "body") page.kind = at.class;
    if (opens === "main") mains.push(at.id);
    if (/^h[1-6]$/.test(opens)) headings.push(Number(opens[1]));
    if (opens === "script" && !at.src && at.type !== "application/ld+json") problem("an inline script");
    if (opens === "style") problem("an inline style sheet");
    if (opens === "img" && !("alt" in at)) problem(`an image without alt: ${at.src}`);
    if (opens === "caption") open.findLast(({ name }) => name === "table").wantsCaption = false;
    if (opens === "th" && !["col", "row", "colgroup", "rowgroup"].includes(at.scope)) problem("a th without scope");
    if (at.alt) for (const element of open) element.isEmpty = false;
    const wantsCaption = opens === "table" && !open.some(({ isRegion }) => isRegion);
    if (!alone) open.push({ name: opens, class: at.class, isEmpty: true, isRegion: at.role === "region" && !!at["aria-label"], wantsCaption });
  }
  if (open.length) problem(`never closed: ${open.map(({ name }) => name)}`);
  if (mains.join() !== "main") problem(`main elements: [${mains}]`);
  if (headings.filter((level) => level === 1).length !== 1) problem("not exactly one h1");
  headings.forEach((level, index) => {
    if (level > (headings[index - 1] ?? 0) + 1) problem(`a heading skips to h${level}`);
  });
  return page;
}

/** Whether a reference leads somewhere; the reason when it does not. */
function follow(site, pages, from, { target, isCanonical }) {
  if (isCanonical) {
    const screen = from.replace(/\.large\.html$/, ".html").replace(/(^|\/)index\.html$/, "$1");
    return new URL(target).pathname === site.base + screen ? null : `${target}: not the canonical address`;
  }
  if (/^(https?|mailto|tel):/.test(target)) return null;
  if (/^[a-z]+:|^\/\//i.test(target)) return `${target}: a scheme that no page needs`;
  const [address, fragment] = target.split("#");
  let path = decodeURIComponent(address.split("?")[0]);
  if (path === "") path = from;
  else if (path.startsWith("/")) {
    if (from !== "404.html" || !path.startsWith(site.base)) return `${target}: not relative`;
    path = path.slice(site.base.length);
  } else path = normalize(join(dirname(from), path));
  if (!site.files.has(path)) return `${target}: no such file`;
  if (fragment && !pages.get(path)?.ids.has(decodeURIComponent(fragment))) return `${target}: no such place in ${path}`;
  return null;
}

/** Tests on all pages of a site. */
export async function checkFiles(site, test) {
  const names = [...site.files].filter((name) => name.endsWith(".html")).sort();
  const html = new Map(names.map((name) => [name, readFileSync(join(site.out, name), "utf8")]));
  const pages = new Map(names.map((name) => [name, look(html.get(name), site.language)]));
  const all = `${site.name}: all ${names.length} pages:`;

  await test(`${all} one h1, headings in order, unique ids, captions, scopes, no inline script or style`, () =>
    [...pages].flatMap(([name, page]) => page.problems.map((text) => `${name}: ${text}`)));

  await test(`${all} every link and every fragment leads somewhere`, () =>
    [...pages].flatMap(([name, page]) => page.references
      .map((reference) => follow(site, pages, name, reference))
      .filter(Boolean).map((text) => `${name}: ${text}`)));

  await test(`${all} titles are unique in each edition`, () => {
    const seen = new Map();
    return [...pages].flatMap(([name, { title }]) => {
      const key = `${name.endsWith(".large.html")} ${title}`;
      const other = seen.get(key);
      seen.set(key, name);
      return title.trim() === "" ? [`${name}: no title`] : other ? [`${name} and ${other}: ${title}`] : [];
    });
  });

  await test(`${all} both editions, and the list of all pages knows every page`, () => names
    .filter((name) => name !== "404.html" && !name.endsWith(".large.html"))
    .flatMap((name) => {
      const missing = site.files.has(name.replace(/\.html$/, ".large.html")) ? [] : [`${name}: no large edition`];
      const listed = pages.get("sitemap.html").references.some(({ target }) => normalize(target) === name);
      return listed || name === "sitemap.html" ? missing : [...missing, `${name}: not in sitemap.html`];
    }));

  await test(`${site.name}: the pages looked at in the browser are of every kind`, () => {
    const looked = new Set(site.pages.map((stem) => pages.get(`${stem}.html`)?.kind));
    const kinds = new Set([...pages].filter(([name]) => name !== "404.html" && !name.endsWith(".large.html")).map(([, page]) => page.kind));
    return [...kinds].filter((kind) => !looked.has(kind)).map((kind) => `none of ${kind}`);
  });

  if (site.language === "en") {
    await test(`${all} no Japanese letter`, () => [...html].flatMap(([name, text]) =>
      [...new Set(text.match(JAPANESE) ?? [])].map((letters) => `${name}: ${letters}`)));
  }
}

/** Kana, kanji, their punctuation and full-width letters. */
export const JAPANESE = /[\p{scx=Hira}\p{scx=Kana}\p{Script=Han}\u3000-\u303f\uff00-\uffef]+/gu;

/** Messages of the Nu checker that are not about the page. Each with its reason. */
const JUSTIFIED = [
  // Its reader of CSS is older than container queries (CSS Conditional Rules 5) and min() in logical sizes; browsers have
  // had them since 2023, and the tests of widths see what they do.
  { pattern: /^CSS: “container”: Property “container” doesn't exist\.$/ },
  { pattern: /^CSS: Unrecognized at-rule “@container”$/ },
  { pattern: /^CSS: “min-inline-size”: Invalid type: “100%, var\(--measure-text\)”\.$/ },
];

/** The Nu HTML checker on every HTML, CSS and SVG file of all sites. A message on many pages is told once. */
export async function checkWithNu(sites, test) {
  const files = sites.flatMap((site) => [...site.files].filter((name) => /\.(html|css|svg)$/.test(name)).map((name) => join(site.out, name)));
  await test(`Nu HTML checker: no error and no warning in ${files.length} HTML, CSS and SVG files`, async () => {
    const { stdout } = await promisify(execFile)("java", ["-Xmx1g", "-jar", vnuJar, "--format", "json", "--stdout",
      "--exit-zero-always", "--also-check-css", "--also-check-svg", ...files], { maxBuffer: 1 << 28 });
    const places = new Map();
    for (const { url, lastLine, message, extract = "" } of JSON.parse(stdout).messages) {
      if (JUSTIFIED.some(({ pattern }) => pattern.test(message))) continue;
      places.set(message, [...(places.get(message) ?? []), `${url.replace(/^file:/, "")}:${lastLine} ${extract.replace(/\s+/g, " ")}`]);
    }
    return [...places].map(([message, at]) => `${message} (${at.length} times, first ${at[0]})`);
  });
}
