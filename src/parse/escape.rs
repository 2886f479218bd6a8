//! Hostile text made safe to show on one line: what [`crate::untrusted`] does, by the name that the
//! readers and renderers know.

pub use crate::untrusted::{is_hostile, line, text};

/// A text as one word of a shell's command line.
pub fn shell_word(text: &str) -> String {
    let plain = text
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "._/-+@%=:,".contains(letter));
    if plain && !text.is_empty() && !text.starts_with('-') {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
