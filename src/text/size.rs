//! Sizes of files as people say them.

/// A size as people say it.
pub(crate) fn file_size(bytes: u64) -> (String, String) {
    match bytes {
        0..1024 => (format!("{bytes}バイト"), format!("{bytes} bytes")),
        1024..1_048_576 => (format!("{}キロバイト", bytes / 1024), format!("{} KB", bytes / 1024)),
        _ => {
            let tenths = bytes * 10 / 1_048_576;
            let text = if tenths.is_multiple_of(10) {
                format!("{}", tenths / 10)
            } else {
                format!("{}.{}", tenths / 10, tenths % 10)
            };
            (format!("{text}メガバイト"), format!("{text} MB"))
        }
    }
}
