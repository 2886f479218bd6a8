//! Request bodies: read within bounds, their content coding undone within bounds.

use std::{io::Read, time::Duration};

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use super::budget::Held;

/// A body, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct ReadBody {
    /// What came over the wire.
    pub(super) bytes: Vec<u8>,
    /// Why it is not whole, in words with the value seen and the bound.
    pub(super) limit: Option<String>,
    /// The status that says so to the peer.
    pub(super) status: Option<u16>,
}

/// Reads a body of at most `limit` bytes within `time` into what `held` has room for.
pub(super) async fn read(
    mut body: Incoming,
    limit: usize,
    time: Duration,
    held: &mut Held,
) -> ReadBody {
    let mut answer = ReadBody::default();
    // A declared length over the bound is refused before a byte of it is read.
    if let Some(declared) = body
        .size_hint()
        .exact()
        .filter(|&declared| declared > limit as u64)
    {
        answer.limit = Some(format!(
            "the request declares a body of {declared} bytes; at most {limit} are read"
        ));
        answer.status = Some(413);
        return answer;
    }
    let collect = async {
        while let Some(frame) = body.frame().await {
            let data = match frame {
                Ok(frame) => frame.into_data().unwrap_or_default(),
                Err(error) => {
                    answer.limit = Some(format!(
                        "the body ended early, after {} bytes: {error}",
                        answer.bytes.len()
                    ));
                    answer.status = Some(400);
                    return;
                }
            };
            if data.len() > limit.saturating_sub(answer.bytes.len()) {
                answer.limit = Some(format!("the body is longer than {limit} bytes, the limit"));
                answer.status = Some(413);
                return;
            }
            if let Err(limit) = held.more(data.len()) {
                answer.limit = Some(limit);
                answer.status = Some(503);
                return;
            }
            answer.bytes.extend_from_slice(&data);
        }
    };
    if timeout(time, collect).await.is_err() {
        answer.limit = Some(format!(
            "the body was incomplete after {time:?}: {} bytes received",
            answer.bytes.len()
        ));
        answer.status = Some(408);
    }
    answer
}

/// How many times its size a body may unpack to. JSON of a webhook packs to a fifth; only what
/// repeats itself on and on reaches this.
const RATIO: usize = 100;

/// What is unpacked whatever the ratio: so little that no bomb is made of it.
const ALWAYS_UNPACKED: usize = 256 * 1024;

/// A body with its content coding undone.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    /// The coding that was undone.
    pub(super) coding: Option<String>,
    /// What kept it from being undone.
    pub(super) problem: Option<String>,
}

/// Undoes `gzip`, `deflate` and `br` (RFC 9110 section 8.4.1, RFC 7932) up to `limit` bytes: the
/// codings that Dialogflow accepts. Others are left as they are and named.
pub(super) fn decode(bytes: Vec<u8>, coding: Option<&str>, limit: usize) -> Decoded {
    let coding = coding.map(|coding| coding.trim().to_ascii_lowercase());
    let (name, reader): (&str, Box<dyn Read + '_>) = match coding.as_deref() {
        None | Some("" | "identity") => {
            return Decoded {
                bytes,
                coding: None,
                problem: None,
            };
        }
        Some("gzip" | "x-gzip") => ("gzip", Box::new(MultiGzDecoder::new(bytes.as_slice()))),
        Some("deflate") => ("deflate", Box::new(ZlibDecoder::new(bytes.as_slice()))),
        Some("br") => (
            "br",
            Box::new(brotli_decompressor::Decompressor::new(
                bytes.as_slice(),
                4096,
            )),
        ),
        Some(other) => {
            let problem = format!(
                "content-encoding {} is not undone here",
                crate::parse::escape::text(other)
            );
            return Decoded {
                bytes,
                coding: None,
                problem: Some(problem),
            };
        }
    };
    let unpacked = (bytes.len().saturating_mul(RATIO)).max(ALWAYS_UNPACKED);
    let mut out = Vec::new();
    // One byte more than the bound tells a bomb from a body that just fits.
    let most = (limit.min(unpacked) as u64).saturating_add(1);
    let read = reader.take(most).read_to_end(&mut out);
    let problem = match read {
        Err(error) => Some(format!(
            "the {name} body is broken after {} bytes: {}",
            out.len(),
            crate::failure::io(&error)
        )),
        Ok(_) if out.len() > limit => {
            out.truncate(limit);
            Some(format!(
                "the {name} body unpacks to more than {limit} bytes"
            ))
        }
        Ok(_) if out.len() > unpacked => {
            out.truncate(unpacked);
            Some(format!(
                "the {name} body unpacks to more than {unpacked} bytes from {}: more than {RATIO} times as much is not unpacked",
                bytes.len()
            ))
        }
        Ok(_) => None,
    };
    Decoded {
        bytes: out,
        coding: Some(name.to_owned()),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn gzip_is_undone_within_the_bound() {
        let decoded = decode(gzip(b"{\"a\":1}"), Some("gzip"), 100);
        assert_eq!(decoded.bytes, b"{\"a\":1}");
        assert_eq!(decoded.coding.as_deref(), Some("gzip"));
        assert_eq!(decoded.problem, None);
    }

    #[test]
    fn a_gzip_bomb_is_cut_at_the_bound_and_named() {
        let decoded = decode(gzip(&vec![0; 1 << 20]), Some("gzip"), 1000);
        assert_eq!(decoded.bytes.len(), 1000);
        assert!(decoded.problem.unwrap().contains("more than 1000 bytes"));
    }

    #[test]
    fn a_bomb_is_cut_where_it_is_a_hundred_times_its_size() {
        let bomb = gzip(&vec![b'a'; 8 << 20]);
        let decoded = decode(bomb.clone(), Some("gzip"), 100 << 20);
        assert_eq!(decoded.bytes.len(), bomb.len() * 100);
        assert!(decoded.problem.unwrap().contains("100 times"));
    }

    #[test]
    fn a_short_body_that_repeats_itself_is_no_bomb() {
        let decoded = decode(gzip(&vec![b'a'; 200_000]), Some("gzip"), 1 << 20);
        assert_eq!((decoded.bytes.len(), decoded.problem), (200_000, None));
    }

    #[test]
    fn the_largest_bound_is_no_overflow() {
        let decoded = decode(gzip(b"{}"), Some("gzip"), usize::MAX);
        assert_eq!(
            (decoded.bytes.as_slice(), decoded.problem),
            (&b"{}"[..], None)
        );
    }

    #[test]
    fn a_broken_gzip_body_is_named() {
        let mut bytes = gzip(b"hello hello hello");
        bytes.truncate(bytes.len() - 9);
        assert!(
            decode(bytes, Some("gzip"), 1000)
                .problem
                .unwrap()
                .contains("broken")
        );
    }

    #[test]
    fn an_unknown_coding_is_left_alone_and_named() {
        let decoded = decode(b"xyz".to_vec(), Some("zstd"), 100);
        assert_eq!(decoded.bytes, b"xyz");
        assert_eq!(
            decoded.problem.unwrap(),
            "content-encoding zstd is not undone here"
        );
    }
}
