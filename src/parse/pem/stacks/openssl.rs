//! OpenSSL 3.0, `crypto/pem/pem_lib.c`, and what nginx, Apache, HAProxy, Python and Node.js call of
//! it: `SSL_CTX_use_certificate_chain_file`, `PEM_X509_INFO_read_bio`, `PEM_read_bio_PrivateKey`.

use super::{
    Behind, Purpose, Tally, Wrapping,
    base64::{Dialect, decode},
    wrapping,
};

/// `LINESIZE` of `pem_lib.c`, less the terminating octet.
const LINE: usize = 254;
/// A line that is longer is an error behind headers.
const FOLDED: usize = 64;
/// A key's headers up to this length are passed over (`decode_pem2der.c`).
const SHORT_HEADERS: usize = 10;

const BASE64: Dialect = Dialect {
    blank: |byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'),
    unpadded: false,
    hyphen_ends: true,
};

/// Whether it reads the file without an error.
pub(super) fn take(text: &[u8], purpose: Purpose, tally: &mut Tally<'_>) -> bool {
    let mut input = Input { rest: text };
    let mut first = true;
    loop {
        let (name, header, der) = match input.block() {
            Ok(Some(block)) => block,
            // "no start line": the end of the file, which a key may not come to.
            Ok(None) => return purpose != Purpose::Key,
            Err(()) => return false,
        };
        let plain = matches!(name, b"CERTIFICATE" | b"X509 CERTIFICATE");
        let trusted = name == b"TRUSTED CERTIFICATE";
        let behind = match purpose {
            Purpose::Key => {
                if is_key(name) {
                    return header <= SHORT_HEADERS
                        && fits(name, &der)
                        && tally.take(&der, Behind::Anything);
                }
                continue;
            }
            // PEM_read_bio_X509_AUX for the leaf, PEM_read_bio_X509 for what follows.
            Purpose::Chain if first && (plain || trusted) => Behind::Settings,
            Purpose::Chain | Purpose::Anchors if plain => Behind::Anything,
            Purpose::Anchors if trusted => Behind::Settings,
            Purpose::Chain | Purpose::Anchors => continue,
        };
        first = false;
        if header > 0 || !tally.take(&der, behind) {
            return false;
        }
    }
}

fn is_key(name: &[u8]) -> bool {
    matches!(
        name,
        b"PRIVATE KEY"
            | b"ENCRYPTED PRIVATE KEY"
            | b"RSA PRIVATE KEY"
            | b"EC PRIVATE KEY"
            | b"DSA PRIVATE KEY"
    )
}

/// Whether the decoders that a label chooses read the bytes.
fn fits(name: &[u8], der: &[u8]) -> bool {
    match wrapping(der) {
        Wrapping::Pkcs1 => name == b"RSA PRIVATE KEY",
        Wrapping::Sec1 => name == b"EC PRIVATE KEY",
        Wrapping::Pkcs8 { rsa, ec } => match name {
            b"PRIVATE KEY" => true,
            b"RSA PRIVATE KEY" => rsa,
            b"EC PRIVATE KEY" => ec,
            _ => false,
        },
        Wrapping::Other => false,
    }
}

/// A label, the length of its headers, its bytes.
type Read<'a> = (&'a [u8], usize, Vec<u8>);

struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    /// `fgets`: up to a line feed or the size of the buffer, cut at a zero octet; what begins with
    /// one looks like the end.
    fn gets(&mut self) -> Option<(&'a [u8], usize)> {
        let window = &self.rest[..self.rest.len().min(LINE)];
        let end = window.iter().position(|&byte| byte == b'\n');
        let (line, rest) = self.rest.split_at(end.map_or(window.len(), |end| end + 1));
        self.rest = rest;
        let line = match line.iter().position(|&byte| byte == 0) {
            Some(zero) => &line[..zero],
            None => line,
        };
        (!line.is_empty()).then_some((line, line.len()))
    }

    /// The next block; `None` at the end.
    fn block(&mut self) -> Result<Option<Read<'a>>, ()> {
        let mut first = true;
        let name = loop {
            let Some((mut line, length)) = self.gets() else {
                return Ok(None);
            };
            if first && length > 3 {
                line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
            }
            first = false;
            let inner = stripped(line).strip_prefix(b"-----BEGIN ");
            if let Some(name) = inner.and_then(|inner| inner.strip_suffix(b"-----")) {
                break name;
            }
        };
        let (header, data) = self.header_and_data(name)?;
        let der = decode(&data, BASE64).filter(|der| !der.is_empty());
        der.map(|der| Some((name, header, der))).ok_or(())
    }

    fn header_and_data(&mut self, name: &[u8]) -> Result<(usize, Vec<u8>), ()> {
        let (mut header, mut data) = (0, Vec::new());
        let (mut in_header, mut past) = (false, false);
        let (mut ended, mut partial) = (false, false);
        loop {
            let (raw, length) = self.gets().ok_or(())?;
            let before = std::mem::replace(&mut partial, length == LINE && !raw.ends_with(b"\n"));
            in_header |= !past && raw.contains(&b':');
            let line = stripped(raw);
            if line.is_empty() {
                if !before {
                    if past {
                        return Err(());
                    }
                    past = true;
                    // Whatever came so far was headers.
                    header = data.len();
                    data.clear();
                }
                continue;
            }
            if let Some(label) = line.strip_prefix(b"-----END ") {
                return match label.strip_suffix(b"-----") {
                    Some(label) if label == name && !in_header | past => Ok((header, data)),
                    _ => Err(()),
                };
            }
            if ended || past && line.len() > FOLDED {
                return Err(());
            }
            data.extend_from_slice(line);
            data.push(b'\n');
            ended = past && line.len() < FOLDED;
        }
    }
}

/// Without what stands at its end up to a blank, or from 0x80 on: `char` is signed.
fn stripped(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|&byte| byte > b' ' && byte < 0x80);
    &line[..end.map_or(0, |end| end + 1)]
}
