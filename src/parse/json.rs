//! JSON of strangers: looked into only as far as that stays cheap.
//!
//! For: request bodies. Must not: build a tree of more values than a webhook ever sends; a value
//! takes many times what its text does.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The most values that are looked into, names of fields not counted.
pub const MOST_VALUES: usize = 200_000;

/// Text that cannot hold so many values is not counted first: each takes two bytes.
const SMALL: usize = 2 * MOST_VALUES;

/// Parses a text. `Ok(None)` is JSON of more than [`MOST_VALUES`] values.
///
/// # Errors
/// When it is not JSON.
pub fn bounded(text: &[u8]) -> serde_json::Result<Option<Value>> {
    if text.len() > SMALL {
        let Count(values) = serde_json::from_slice(text)?;
        if values > MOST_VALUES {
            return Ok(None);
        }
    }
    serde_json::from_slice(text).map(Some)
}

/// A text on many lines when it is JSON of not too many values.
pub fn pretty(text: &str) -> Option<String> {
    let value = bounded(text.as_bytes()).ok().flatten()?;
    serde_json::to_string_pretty(&value).ok()
}

/// How long the object or list is that a text begins with; all of the text where it does not end.
pub fn length_of_nested(text: &str) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// How many values there are, itself included.
struct Count(usize);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Counting).map(Count)
    }
}

struct Counting;

impl<'de> Visitor<'de> for Counting {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<usize, E> {
        Ok(1)
    }

    fn visit_i64<E>(self, _: i64) -> Result<usize, E> {
        Ok(1)
    }

    fn visit_u64<E>(self, _: u64) -> Result<usize, E> {
        Ok(1)
    }

    fn visit_f64<E>(self, _: f64) -> Result<usize, E> {
        Ok(1)
    }

    fn visit_str<E>(self, _: &str) -> Result<usize, E> {
        Ok(1)
    }

    fn visit_unit<E>(self) -> Result<usize, E> {
        Ok(1)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<usize, A::Error> {
        let mut values = 1_usize;
        while let Some(Count(inner)) = seq.next_element()? {
            values = values.saturating_add(inner);
        }
        Ok(values)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
        let mut values = 1_usize;
        while let Some((IgnoredAny, Count(inner))) = map.next_entry()? {
            values = values.saturating_add(inner);
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(values: usize) -> Vec<u8> {
        format!("[{}0]", "0,".repeat(values - 2)).into_bytes()
    }

    #[test]
    fn an_object_ends_where_it_ends() {
        for (text, length) in [
            (r#"{"a":["]}\"",{}]},"b":1"#, 17),
            ("[[1],[2]] x", 9),
            ("{\"a\":[", 6),
            ("", 0),
        ] {
            assert_eq!(length_of_nested(text), length, "{text}");
        }
    }

    #[test]
    fn every_value_counts_wherever_it_stands() {
        let text = r#"{"a":[1,-1,1.5,"x",true,null],"b":{"c":[]}}"#;
        let Count(values) = serde_json::from_str(text).unwrap();
        assert_eq!(values, 10);
    }

    #[test]
    fn as_many_values_as_the_bound_are_looked_into_and_one_more_is_not() {
        assert!(bounded(&list(MOST_VALUES)).unwrap().is_some());
        assert!(bounded(&list(MOST_VALUES + 1)).unwrap().is_none());
    }

    #[test]
    fn what_is_no_json_stays_an_error_at_any_length() {
        assert!(bounded(b"{").is_err());
        let mut long = list(MOST_VALUES + 1);
        long.pop();
        assert!(bounded(&long).is_err());
    }
}
