// What docs/hosting.md recommends: nginx and Apache run with its words and are asked for every file of a site; what cannot
// be run here says the same and has its form.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { blocks, forPages, policyOf } from "./recommended.mjs";
import { work } from "./sites.mjs";

const others = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

// As a careless or hostile hand would leave them among the files of a site.
const attachments = {
  "attached/drawing.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" style="fill:#c00"/>'
    + '<script>document.documentElement.setAttribute("data-ran", "yes")</script></svg>',
  "attached/table.csv": "a,b\n",
  "attached/REPORT.PDF": "%PDF-1.7\n",
  "attached/page.HTML": "<p>x</p>",
  "attached/日本語 の 表.xlsx": "PK",
  ".htaccess": "Header always unset Content-Security-Policy\n",
};

const freePort = () => new Promise((told) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => told(port));
  });
});

const configurations = {
  nginx(folder, port) {
    const [map, location] = blocks("nginx");
    const parts = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    const temporary = parts.map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
    return `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr;
events {}
http { access_log off; include /etc/nginx/mime.types; ${temporary}
${map}
server { listen 127.0.0.1:${port}; root ${folder}/www;
${location}
} }
`;
  },
  apache(folder, port) {
    const modules = ["mpm_event", "authz_core", "dir", "mime", "headers"];
    const load = modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n");
    // Apache does not answer as root.
    const user = process.getuid() === 0 ? "User #65534\nGroup #65534\n" : "";
    return `${load}
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/apache.log
Listen 127.0.0.1:${port}
ServerName localhost
DocumentRoot ${folder}/www
TypesConfig /etc/mime.types
${user}${blocks("apache")[0].replace("/var/www/html/goals", `${folder}/www/goals`)}`;
  },
};

const programs = { nginx: ["/usr/sbin/nginx", "-e", "stderr", "-c"], apache: ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f"] };

/** Starts a server over a copy of the site, and waits until it answers. */
async function start(name, site) {
  const folder = join(work, `hosting-${name}`);
  const port = await freePort();
  cpSync(site.out, join(folder, "www/goals"), { recursive: true });
  for (const [path, text] of Object.entries(attachments)) {
    const file = join(folder, "www/goals", path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  }
  writeFileSync(join(folder, "server.conf"), configurations[name](folder, port));
  const [program, ...flags] = programs[name];
  const server = spawn(program, [...flags, join(folder, "server.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  server.stderr.on("data", (text) => { said += text; });
  const ended = new Promise((told) => server.once("exit", told));
  const origin = `http://127.0.0.1:${port}`;
  for (let turn = 0; ; turn++) {
    if (await fetch(`${origin}/goals/`).then((answer) => answer.ok, () => false)) break;
    if (server.exitCode !== null || turn > 200) throw new Error(`${name} does not answer: ${said}`);
    await new Promise((told) => setTimeout(told, 50));
  }
  const stop = () => {
    server.kill("SIGTERM");
    return ended;
  };
  return { origin, folder, stop };
}

/** What is wrong with the headers of an answer. */
function headers(answer, path) {
  const problems = [];
  const expected = { ...others, "content-security-policy": policyOf(path) };
  for (const [name, value] of Object.entries(expected)) {
    const is = answer.headers.get(name);
    if (is !== value) problems.push(`${path}: ${name} is ${is}`);
  }
  return problems;
}

const kinds = { html: "text/html", css: "text/css", js: /javascript/, svg: "image/svg+xml", pdf: "application/pdf", json: "application/json",
  xml: /xml/, txt: "text/plain" };

/** Asks a server for every file, for a folder, and for what is not there. */
async function ask({ origin, folder }, site) {
  const problems = [];
  const names = [...site.files, ...Object.keys(attachments).filter((name) => !name.startsWith("."))];
  for (const name of names) {
    const path = `/goals/${name.split("/").map(encodeURIComponent).join("/")}`;
    const answer = await fetch(origin + path);
    if (answer.status !== 200) problems.push(`${path}: ${answer.status}`);
    problems.push(...headers(answer, path));
    const kind = kinds[name.split(".").pop()];
    const type = (answer.headers.get("content-type") ?? "").split(";")[0];
    if (kind && !(kind.test?.(type) ?? kind === type)) problems.push(`${path}: is ${type}`);
    const body = Buffer.from(await answer.arrayBuffer());
    if (!body.equals(readFileSync(join(folder, "www/goals", name)))) problems.push(`${path}: other bytes`);
  }
  for (const path of ["/goals/", "/goals/2016/"]) {
    const answer = await fetch(origin + path);
    if (!(await answer.text()).includes("<h1")) problems.push(`${path}: no page`);
    problems.push(...headers(answer, path));
  }
  for (const path of ["/goals/no/such/page.html", "/goals/nothing", "/goals/assets/"]) {
    const answer = await fetch(origin + path);
    const isPage = (await answer.text()).includes("page-404");
    if (![403, 404].includes(answer.status)) problems.push(`${path}: ${answer.status}`);
    if (answer.status === 404 && !isPage) problems.push(`${path}: not the site's page`);
    if (answer.status === 404) problems.push(...headers(answer, "/goals/404.html"));
  }
  return problems;
}

/** What a browser makes of it: pages of each kind, a PDF, and a drawing with a script that must not run. */
async function look({ origin }, site, browser) {
  const problems = [];
  const tab = await browser.newPage();
  const said = [];
  tab.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  tab.on("pageerror", (error) => said.push(String(error)));
  for (const name of site.pages.flatMap((stem) => [`${stem}.html`, `${stem}.large.html`])) {
    await tab.goto(`${origin}/goals/${name}`);
    if (!await tab.evaluate(() => [...document.querySelectorAll("link[rel=stylesheet]")].every((link) => link.sheet))) problems.push(`${name}: no style`);
    problems.push(...said.splice(0).map((text) => `${name}: ${text}`));
  }
  await tab.goto(`${origin}/goals/attached/drawing.svg`);
  const drawing = await tab.evaluate(() => [document.documentElement.dataset.ran ?? "", getComputedStyle(document.querySelector("rect")).fill].join());
  if (drawing !== ",rgb(204, 0, 0)") problems.push(`drawing.svg: ${drawing}`);
  await tab.close();
  return problems;
}

export async function checkHosting(sites, test) {
  const site = sites.find((site) => site.name === "kariya");
  const browser = await launch();
  try {
    for (const name of Object.keys(programs)) {
      let server;
      await test(`hosting: ${name} with the words of docs/hosting.md sends every file with its headers`, async () => {
        server = await start(name, site);
        return ask(server, site);
      });
      if (!server) continue;
      await test(`hosting: ${name}, in a browser: nothing is refused that a page needs, and no script of a drawing runs`, () => look(server, site, browser));
      await server.stop();
    }
    await test("hosting: what is not run has its form and says the same", async () => {
      const problems = [];
      const expected = { ...others, "content-security-policy": forPages };
      const same = (file, found) => {
        const given = Object.fromEntries(found.map(([name, value]) => [name.toLowerCase(), value]));
        if (JSON.stringify(Object.entries(given).sort()) !== JSON.stringify(Object.entries(expected).sort())) problems.push(`${file}: ${JSON.stringify(given)}`);
      };
      const [first, ...lines] = blocks("headers")[0].trimEnd().split("\n");
      if (first !== "/*") problems.push(`_headers begins with ${first}`);
      same("_headers", lines.map((line) => line.match(/^ {2}([A-Za-z-]+): (.+)$/)?.slice(1) ?? [line, ""]));
      const tab = await browser.newPage();
      const parsed = await tab.evaluate((text) => {
        const tree = new DOMParser().parseFromString(text, "application/xml");
        const error = tree.querySelector("parsererror")?.textContent;
        return { error, found: [...tree.querySelectorAll("customHeaders > add")].map((it) => [it.getAttribute("name"), it.getAttribute("value")]) };
      }, blocks("xml")[0]);
      await tab.close();
      if (parsed.error) problems.push(`web.config: ${parsed.error}`);
      same("web.config", parsed.found);
      return problems;
    });
  } finally {
    await browser.close();
  }
}
