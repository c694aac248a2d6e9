//! Names by which a published file would change how the server or the browser treats the whole site, or would be run.

/// Files that servers and hosts take for their settings, wherever in a site or at its top. Names that begin with a dot
/// (`.htaccess`, `.user.ini`, `.well-known`) are not read by kohyo at all.
const NAMES: &[&str] = &[
    // Netlify, Cloudflare Pages and others: redirects, headers, code that answers.
    "_redirects",
    "_headers",
    "_routes.json",
    "_worker.js",
    "_config.yml",
    "netlify.toml",
    "wrangler.toml",
    "vercel.json",
    "now.json",
    "firebase.json",
    "render.yaml",
    "staticfile",
    "amplify.yml",
    // Azure: its Static Web Apps, and IIS with ASP.NET.
    "staticwebapp.config.json",
    "web.config",
    "global.asax",
    // GitHub Pages: the domain.
    "cname",
    // PHP.
    "php.ini",
    // Which other hosts may read this one (Flash, Silverlight, some PDF readers).
    "crossdomain.xml",
    "clientaccesspolicy.xml",
    // What a browser keeps running for all pages of a folder.
    "sw.js",
    "service-worker.js",
    "serviceworker.js",
    // What apps and payment services take for the word of the domain.
    "apple-app-site-association",
    "assetlinks.json",
];

/// Endings by which Apache runs a file wherever they stand in its name: with the usual handlers, `x.php.jpg` is a program
/// (mod_mime, Files with Multiple Extensions).
const PROGRAMS: &[&str] = &[
    "php", "php3", "php4", "php5", "php7", "php8", "phtml", "phar", "shtml", "cgi", "pl", "py", "rb", "asp", "aspx",
    "jsp", "cfm", "lua", "var",
];

/// Whether a path under the site's top has such a name, or one that a server runs. Servers on Windows do not see letter
/// case.
pub fn is_for_the_host(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let mut endings: Vec<&str> = name.split('.').skip(1).collect();
    // The last one is the kind of the file, and judged as that.
    endings.pop();
    NAMES.contains(&&*name) || endings.iter().any(|ending| PROGRAMS.contains(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_not_told_by_a_file() {
        for name in NAMES {
            assert_eq!(*name, name.to_lowercase());
            assert!(is_for_the_host(name) && is_for_the_host(&format!("a/{}", name.to_uppercase())), "{name}");
        }
        for path in ["x.php.jpg", "a/図.SHTML.pdf", "x.cgi.tar.zip"] {
            assert!(is_for_the_host(path), "{path}");
        }
        for path in
            ["cname.pdf", "a/_redirects/b.pdf", "redirects", "web.config.txt", "x.php", "a.php/x.jpg", "php.jpg"]
        {
            assert!(!is_for_the_host(path), "{path}");
        }
    }
}
