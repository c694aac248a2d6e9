//! The `kohyo` program; everything is in the library.

fn main() -> std::process::ExitCode {
    kohyo::cli::run()
}
