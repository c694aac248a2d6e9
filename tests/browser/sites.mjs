// The sites under test, how they are built, and which of their pages stand for all.

import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { policyOf } from "./recommended.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const repository = resolve(here, "../..");
export const kohyo = resolve(repository, process.env.KOHYO ?? "target/debug/kohyo");
// The program with the feature `minify`; it may be one without booklets.
export const minifier = resolve(repository, process.env.MINIFIER ?? "target/kohyo-minify");
// THEMES=themes tries the theme as it is in the folder, before it is compiled into the program.
const themes = process.env.THEMES && resolve(repository, process.env.THEMES);
export const work = join(tmpdir(), `kohyo-browser-${process.pid}`);

/**
 * `pages`: one of every kind and in every state, named without their ending. `departmentYear`: the one that is walked
 * through by keyboard and printed; `paper`: what else is printed.
 */
export const sites = [
  {
    name: "kariya",
    source: repository,
    language: "ja",
    base: "/goals/",
    pages: [
      "index", "2016/index", "2016/results", "2017/index", "2016/planning-finance/index", "2017/planning-finance/index",
      "2016/pillars/trust", "2016/community-safety/1-01", "2015/planning-finance/1-01", "2017/planning-finance/1-01",
      "departments/index", "departments/planning-finance", "departments/urban-policy", "departments/urban-development",
      "pillars/index", "pillars/trust", "policy", "about", "accessibility", "sitemap",
    ],
    departmentYear: "2016/community-safety/index",
    paper: ["2016/index", "2016/results", "about"],
  },
  {
    name: "scale",
    source: join(here, "sites/scale"),
    language: "ja",
    base: "/city/goals/",
    pages: [
      "index", "2025/index", "2025/results", "2026/index", "2019/results", "2025/health/index", "2026/health/index",
      "2019/health/index", "2025/pillars/trust", "2025/health/1-01", "2025/health/1-02", "2025/health/1-03",
      "2025/health/1-04", "2026/health/1-01", "2026/health/1-02", "2026/parks/2-01", "departments/index",
      "departments/greenery", "departments/parks", "pillars/index", "pillars/green", "guide", "sitemap",
    ],
    departmentYear: "2025/health/index",
    paper: ["2025/results", "2025/health/1-01"],
    longTable: "第24地区の健康教室",
    externalLinks: { page: "guide", address: "https://www.example.go.jp/hyoka/guide.html" },
  },
  {
    name: "english",
    source: join(here, "sites/english"),
    language: "en",
    base: "/goals/",
    pages: [
      "index", "2025/index", "2025/results", "2026/index", "2025/libraries/index", "2025/streets/index",
      "2025/pillars/learn", "2025/libraries/1-01", "2025/streets/2-01", "2024/roads/2-01", "2026/streets/2-01",
      "departments/index", "departments/roads", "departments/streets", "pillars/index", "pillars/move", "how-to-read",
      "sitemap",
    ],
    departmentYear: "2025/libraries/index",
    paper: ["2025/results"],
    externalLinks: { page: "how-to-read", address: "https://www.example.gov/guide.pdf" },
  },
  {
    name: "one",
    source: join(here, "sites/one"),
    language: "ja",
    base: "/",
    pages: [
      "index", "2026/index", "2026/office/index", "2026/pillars/life", "2026/office/1", "departments/index",
      "departments/office", "pillars/index", "pillars/life", "sitemap",
    ],
    departmentYear: "2026/office/index",
    paper: [],
  },
];

/** A site of long words, long figures, wide tables and columns that nobody fills; for widths.mjs alone. */
export const nasty = {
  name: "nasty",
  source: join(here, "sites/nasty"),
  language: "ja",
  departmentYear: "2025/kikaku/index",
  paper: ["2025/kikaku/1-01", "2025/results", "policy"],
};

/** Builds a site and reads its list of files. Throws what the program said when it refuses. */
export function build(site) {
  site.out = join(work, site.name);
  let source = site.source;
  if (themes && source !== repository) {
    source = join(work, "source", site.name);
    cpSync(site.source, source, { recursive: true });
    cpSync(themes, join(source, "themes"), { recursive: true });
  }
  execFileSync(kohyo, ["build", "--site", source, "--out", site.out, "--as-of", "2026-11-23"], { stdio: ["ignore", "ignore", "pipe"] });
  site.files = files(site.out);
}

/** The paths of all files in a folder. */
export function files(folder) {
  return new Set(readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1)));
}

export function cleanUp() {
  rmSync(work, { recursive: true, force: true });
}

export const screenAndLarge = (stem) => [`${stem}.html`, `${stem}.large.html`];

const types = { ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml", ".xml": "application/xml", ".pdf": "application/pdf", ".txt": "text/plain; charset=utf-8" };

/** Serves a site under its base path as a city server would that follows docs/hosting.md; what is missing is its 404.html. */
export async function serve(site) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    let path = pathname.startsWith(site.base) ? decodeURIComponent(pathname.slice(site.base.length)) : "404.html";
    if (path === "" || path.endsWith("/")) path += "index.html";
    const found = pathname.startsWith(site.base) && site.files.has(path);
    if (!found) path = "404.html";
    response.writeHead(found ? 200 : 404, {
      "Content-Type": types[extname(path)] ?? "application/octet-stream",
      "Content-Security-Policy": policyOf(path),
      "X-Content-Type-Options": "nosniff",
    });
    response.end(readFileSync(join(site.out, path)));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  site.origin = `http://127.0.0.1:${server.address().port}`;
  return server;
}
