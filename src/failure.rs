//! What the operating system and the libraries say when something fails, in words.
//!
//! For: every message that names a cause. "(os error 111)", "expected value at line 1 column 1" and
//! "at path …" mean something to whoever wrote the library, and nothing at night. Must not: decide
//! anything; code asks an error for its kind, people read its words.

use std::{error::Error, io};

/// How the standard library begins what a resolver says, which has no kind of its own.
const LOOKUP: &str = "failed to lookup address information: ";

/// An error of input or output, by its kind; what has no kind is said as the system says it,
/// without its number.
pub fn io(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    let words = match error.kind() {
        Kind::NotFound => "no such file or directory",
        Kind::PermissionDenied => "permission denied",
        Kind::IsADirectory => "is a directory",
        Kind::NotADirectory => "a part of the path is a file, not a directory",
        Kind::AlreadyExists => "already exists",
        Kind::DirectoryNotEmpty => "the directory is not empty",
        Kind::InvalidFilename => "the name is too long or not valid here",
        Kind::ReadOnlyFilesystem => "the file system is read-only",
        Kind::StorageFull => "no space left on the device",
        Kind::QuotaExceeded => "the disk quota is used up",
        Kind::FileTooLarge => "the file would be too large",
        Kind::CrossesDevices => "on another file system",
        Kind::ResourceBusy => "in use",
        Kind::BrokenPipe => "the reader has closed the pipe",
        Kind::ConnectionRefused => "connection refused",
        Kind::ConnectionReset => "connection reset by the peer",
        Kind::ConnectionAborted => "connection aborted",
        Kind::NotConnected => "not connected",
        Kind::HostUnreachable => "no route to the host",
        Kind::NetworkUnreachable => "network unreachable",
        Kind::NetworkDown => "the network is down",
        Kind::AddrInUse => "the address is in use",
        Kind::AddrNotAvailable => "this machine does not have that address",
        Kind::TimedOut => "timed out",
        Kind::OutOfMemory => "out of memory",
        _ => return without_a_kind(error),
    };
    words.to_owned()
}

/// Why a name has no address, where it is said already that it has none.
pub fn lookup(error: &io::Error) -> String {
    let text = error.to_string();
    text.strip_prefix(LOOKUP)
        .map_or_else(|| io(error), lower_first)
}

fn without_a_kind(error: &io::Error) -> String {
    let text = error.to_string();
    if let Some(lookup) = text.strip_prefix(LOOKUP) {
        return format!("DNS lookup failed: {}", lower_first(lookup));
    }
    // What a library wrapped says more than the wrapping.
    if let Some(inner) = error.get_ref() {
        return causes(chain(Some(inner)));
    }
    let number = error
        .raw_os_error()
        .map(|number| format!(" (os error {number})"));
    let bare = number.and_then(|number| text.strip_suffix(&number).map(lower_first));
    bare.unwrap_or(text)
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// What is wrong with a JSON text, and where; that it is not JSON is for the caller to say.
pub fn json(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let bare = text
        .strip_suffix(&format!(" at line {line} column {column}"))
        .unwrap_or(&text);
    match error.classify() {
        Category::Eof => format!("line {line}, column {column}: it ends too early"),
        Category::Syntax => {
            let bare = match bare {
                "expected value" | "expected ident" => "expected a value",
                "trailing characters" => "expected the end of the text",
                other => other,
            };
            format!("line {line}, column {column}: {bare}")
        }
        // Of a value there is no place.
        Category::Data if line > 0 => format!("line {line}, column {column}: {bare}"),
        Category::Data | Category::Io => bare.to_owned(),
    }
}

/// An error and its causes in one line.
pub fn words(error: &anyhow::Error) -> String {
    causes(error.chain())
}

/// An error, if there is one, and what lies below it.
pub fn chain<'a>(
    first: Option<&'a (dyn Error + 'static)>,
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(first, |cause| {
        let cause: &'a (dyn Error + 'static) = *cause;
        cause.source()
    })
}

/// Causes in one line, the outermost first; none is said twice.
pub fn causes<'a>(chain: impl Iterator<Item = &'a (dyn Error + 'static)>) -> String {
    let mut said: Vec<String> = Vec::new();
    for cause in chain {
        // These two say what lies below them.
        let last = if let Some(error) = cause.downcast_ref::<io::Error>() {
            Some(io(error))
        } else {
            cause.downcast_ref::<serde_json::Error>().map(json)
        };
        let is_last = last.is_some();
        let words = last.unwrap_or_else(|| cause.to_string());
        if !said.iter().any(|before| before.ends_with(&words)) {
            said.push(words);
        }
        if is_last {
            break;
        }
    }
    said.join(": ")
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn the_system_is_put_into_words_without_its_numbers() {
        for (number, words) in [
            (libc_number::REFUSED, "connection refused"),
            (libc_number::FULL, "no space left on the device"),
            (libc_number::DENIED, "permission denied"),
        ] {
            assert_eq!(io(&io::Error::from_raw_os_error(number)), words);
        }
        // Of no kind.
        let many = io(&io::Error::from_raw_os_error(libc_number::MANY));
        assert!(
            !many.contains("os error") && many.contains("open files"),
            "{many}"
        );
        let named = io::Error::other(format!("{LOOKUP}Name or service not known"));
        assert_eq!(io(&named), "DNS lookup failed: name or service not known");
        assert_eq!(io(&io::Error::other("as it is")), "as it is");
    }

    /// Numbers that Linux and macOS share, but for one.
    mod libc_number {
        pub(super) const DENIED: i32 = 13;
        pub(super) const MANY: i32 = 24;
        pub(super) const FULL: i32 = 28;
        pub(super) const REFUSED: i32 = if cfg!(target_os = "macos") { 61 } else { 111 };
    }

    #[test]
    fn json_is_told_with_its_place() {
        let of = |text: &str| json(&serde_json::from_str::<serde_json::Value>(text).unwrap_err());
        assert_eq!(of("x"), "line 1, column 1: expected a value");
        assert_eq!(of("{\"a\":"), "line 1, column 5: it ends too early");
        let data = serde_json::from_str::<u8>("\"x\"").unwrap_err();
        assert!(json(&data).starts_with("line 1, column 3: "), "{data}");
    }

    #[test]
    fn causes_stand_in_a_row_and_none_twice() {
        let error = Err::<(), _>(io::Error::from_raw_os_error(libc_number::FULL))
            .context("out.txt: cannot write it")
            .unwrap_err();
        assert_eq!(
            words(&error),
            "out.txt: cannot write it: no space left on the device"
        );
        let temporary = tempfile::Builder::new()
            .tempfile_in("/no/such/folder")
            .unwrap_err();
        assert_eq!(io(&temporary), "no such file or directory");
    }
}
