//! Files as their owner has them: what is in them, where, and in what state.

use std::{fmt, sync::Arc};

use serde::Serialize;

use super::{Certificate, Key, ListFacts, Readings, Request, TrustSettings};

/// The flag that a file came by, which says what it was meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileRole {
    /// `--cert`: the chain that will be presented.
    Chain,
    /// A chain that a client presents, by what names it: a user of a kubeconfig.
    ClientChain,
    /// `--key`: the private key of its leaf.
    Key,
    /// `--client-ca`: the anchors for client certificates.
    ClientCa,
    /// `--cacert`: the anchors that the chain is judged against.
    Anchors,
    /// `--untrusted`: certificates that may help to build a path.
    Untrusted,
    /// `--crlfile`: revocation lists.
    Crl,
    /// A server's configuration.
    Config,
    /// A path without a flag: anything, told by its structure.
    Anything,
}

/// What a file is, as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// PEM (RFC 7468), with whatever else stands around the blocks.
    Pem,
    /// One DER value.
    Der,
    /// PKCS #12 (RFC 7292).
    Pkcs12,
    /// A Java keystore (JKS or JCEKS).
    JavaKeystore,
    /// Text in UTF-16: PEM saved by an editor that no TLS stack reads.
    Utf16,
    /// An HTML page: mostly a download that failed.
    Html,
    /// JSON, when it is not a Kubernetes secret (whose entries are files of their own).
    Json,
    /// Text without a PEM block.
    Text,
    /// Bytes of no known kind.
    Binary,
    /// Nothing.
    Empty,
}

/// What a block, or a DER file, is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// An X.509 certificate.
    Certificate(Arc<Certificate>),
    /// OpenSSL's `TRUSTED CERTIFICATE`: a certificate and trust settings behind it.
    TrustedCertificate(Arc<Certificate>, TrustSettings),
    /// A private key.
    PrivateKey(PrivateKey),
    /// A public key.
    PublicKey(Key),
    /// A request for a certificate (RFC 2986).
    Request(Box<Request>),
    /// A certificate revocation list (RFC 5280 section 5), DER.
    RevocationList {
        /// What it says of itself.
        list: Box<ListFacts>,
        /// The list itself.
        der: Vec<u8>,
    },
    /// PKCS #7 or CMS SignedData: a bag of certificates. They follow as items of their own, at the same lines.
    Pkcs7 {
        /// How many certificates are in it.
        certificates: usize,
    },
    /// PKCS #12.
    Pkcs12,
    /// `DH PARAMETERS` or `EC PARAMETERS`.
    Parameters,
    /// Something else, by its label or by what its bytes look like.
    Other(String),
}

/// How a private key is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyFormat {
    /// PKCS #8 (RFC 5958).
    Pkcs8,
    /// PKCS #1 (RFC 8017 appendix A.1.2).
    Pkcs1,
    /// SEC 1 (RFC 5915).
    Sec1,
    /// PKCS #8, encrypted.
    EncryptedPkcs8,
    /// RFC 1421 headers (`Proc-Type: 4,ENCRYPTED`): OpenSSL's own old encryption.
    LegacyEncrypted,
    /// OpenSSH's own format.
    OpenSsh,
    /// Another one.
    Other,
}

impl KeyFormat {
    /// Its name and its PEM label.
    fn name(self) -> &'static str {
        match self {
            Self::Pkcs8 => "PKCS #8 (PRIVATE KEY)",
            Self::Pkcs1 => "PKCS #1 (RSA PRIVATE KEY)",
            Self::Sec1 => "SEC 1 (EC PRIVATE KEY)",
            Self::EncryptedPkcs8 => "encrypted PKCS #8 (ENCRYPTED PRIVATE KEY)",
            Self::LegacyEncrypted | Self::OpenSsh | Self::Other => "something else",
        }
    }
}

/// Why a private key cannot be used as it is, or why nothing can be said of its public half. Displays as what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyProblem {
    /// It is encrypted: PKCS #8, with the scheme's name or OID.
    Encrypted(String),
    /// The same, and the password that was given did not open it.
    NotOpened {
        /// The scheme's name or OID.
        scheme: String,
        /// Why not.
        why: Shut,
    },
    /// It is encrypted: RFC 1421 headers.
    EncryptedByHeaders,
    /// It is in OpenSSH's own format.
    OpenSsh,
    /// Its PEM block could not be decoded, and why.
    Broken(String),
    /// Its bytes hold something else.
    NotAKey,
    /// Its label names another wrapping than its bytes have.
    WrappedOtherwise {
        /// The label.
        label: String,
        /// The wrapping of its bytes.
        found: KeyFormat,
    },
    /// It is a key, and something within is wrong.
    Malformed(&'static str),
    /// A good key, for all that is known, of a kind that this program does not compute with.
    NotComparable(String),
    /// The same, of an unknown kind.
    NoPublicHalf,
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encrypted(scheme) => write!(formatter, "it is encrypted ({scheme})"),
            Self::NotOpened { scheme, why } => {
                write!(formatter, "it is encrypted ({scheme}), and {why}")
            }
            Self::EncryptedByHeaders => formatter
                .write_str("it is encrypted with headers of RFC 1421 (Proc-Type: 4,ENCRYPTED)"),
            Self::OpenSsh => formatter.write_str("it is in OpenSSH's own format"),
            Self::Broken(why) => formatter.write_str(why),
            Self::NotAKey => formatter.write_str("its bytes are not a private key"),
            Self::WrappedOtherwise { label, found } => write!(
                formatter,
                "its label says {label}, but it is wrapped as {}",
                found.name()
            ),
            Self::Malformed(why) => write!(formatter, "the key cannot be read: {why}"),
            Self::NotComparable(kind) => {
                write!(formatter, "{kind} keys cannot be compared by mtls")
            }
            Self::NoPublicHalf => formatter.write_str("its public half cannot be derived by mtls"),
        }
    }
}

/// Why an encrypted key stays shut although there is a password. Displays as a clause.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Shut {
    /// What comes out is no key. Damage in the first octets looks the same.
    #[error("the password does not open it: it is wrong, or the key is damaged")]
    Password,
    /// It is damaged, whatever the password.
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
    /// It asks for more work or memory than a key gets.
    #[error("it is not opened: {0}")]
    Work(String),
    /// In a scheme that this program does not decrypt.
    #[error("mtls does not decrypt this scheme")]
    Unsupported,
    /// This build decrypts nothing.
    #[error("this build of mtls does not decrypt keys (feature `pkcs12`)")]
    NotBuilt,
}

/// What is known of a private key; never its private bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateKey {
    /// Its wrapping.
    pub format: KeyFormat,
    /// What kind of key it is; `None` when that cannot be told, as with an encrypted one.
    pub key: Option<Key>,
    /// Why it cannot be used, or not be compared.
    pub problem: Option<KeyProblem>,
    /// What it is encrypted with, where it is, in words.
    pub encryption: Option<String>,
    /// Where the server that it is for takes the passphrase from, where its configuration says so:
    /// the directive as written.
    pub passphrase: Option<String>,
    /// The SubjectPublicKeyInfo that belongs to it, DER, where it can be derived.
    pub spki: Option<Vec<u8>>,
}

/// Something in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// The PEM label, escaped; empty for DER.
    pub label: String,
    /// First line, counted from 1; 1 for DER.
    pub first_line: usize,
    /// Last line, inclusive.
    pub last_line: usize,
    /// Why the block could not be decoded, and then `kind` says only what it was meant to be (`Other(label)`); or how its label and
    /// its contents disagree.
    pub problem: Option<String>,
}

/// A peculiarity of how a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Quirk {
    /// A UTF-8 byte order mark at the start.
    ByteOrderMark,
    /// Lines end with CR LF or a lone CR.
    CarriageReturns,
    /// Text before, between or after the blocks.
    TextAround,
    /// A BEGIN or END line without exactly five dashes on each side, or with something else on it.
    MalformedMarker,
    /// BEGIN without END.
    MissingEnd,
    /// END without BEGIN.
    StrayEnd,
    /// BEGIN and END with different labels.
    LabelsDiffer,
    /// A character between BEGIN and END that is not base64.
    NotBase64,
    /// Base64 that stops in the middle of a group, or wrong padding.
    TruncatedBase64,
    /// A base64 line longer than 64 characters (RFC 7468 section 2; OpenSSL before 1.1 stopped at 76).
    LongLines,
    /// White space at the end of a line, or around or within a line of base64; an empty line right
    /// below BEGIN.
    WhiteSpace,
    /// White space in front of a BEGIN line: the block does not exist for any stack.
    IndentedMarker,
    /// White space in front of an END line.
    IndentedEnd,
    /// An empty line further down in a block, which OpenSSL takes for the end of its headers.
    EmptyLines,
    /// Lines end with a lone CR.
    LoneReturns,
    /// Lines end with CR CR LF: a text that was converted twice.
    DoubledReturns,
    /// The whole block stands on one line, or with `\n` written out: a PEM that went through an environment variable.
    EscapedLineBreaks,
    /// The last line does not end with a line break, so that `cat` glues the next file's BEGIN to it.
    NoFinalLineBreak,
    /// `X509 CERTIFICATE`: an old label that not every stack reads.
    OldLabel,
    /// `TRUSTED CERTIFICATE`: OpenSSL's own label.
    TrustedLabel,
    /// Headers (RFC 1421) where they mean nothing.
    Headers,
    /// Bytes after the DER value within a block or a file.
    TrailingBytes,
    /// A private key in a file that is meant for certificates, which is often readable by more people.
    KeyAmongCertificates,
    /// Control characters or octets beyond ASCII at the end of a line of a block: a form feed, a
    /// vertical tab, a no-break space.
    ControlCharacters,
    /// Something else that not every stack reads.
    Unread,
}

/// A quirk at its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What it is.
    pub quirk: Quirk,
    /// First line, counted from 1.
    pub first_line: usize,
    /// Last line, inclusive.
    pub last_line: usize,
    /// What was seen, escaped and short.
    pub seen: String,
}

/// What stands in place of a file's text that may be a secret, or is not the caller's to show.
pub const NOT_SHOWN: &str = "[not shown]";

/// One line of a file that is safe to show: markers and text around blocks, never a line of a private key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, counted from 1.
    pub line: usize,
    /// Its text, escaped and cut.
    pub text: String,
}

/// A file, an entry of a Kubernetes secret, or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Its path as the user wrote it; `-` for standard input, `secret.json#tls.crt` for an entry of a secret.
    pub path: String,
    /// What it was meant to be.
    pub meant_as: FileRole,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its permission bits, where the system has them.
    pub mode: Option<u32>,
    /// What it is.
    pub format: Format,
    /// What is in it, in order.
    pub items: Vec<Item>,
    /// How it is written.
    pub remarks: Vec<Remark>,
    /// Lines to draw.
    pub excerpts: Vec<Excerpt>,
    /// What lies around it, where it was found in a directory that has private keys.
    pub neighbours: Option<Neighbours>,
    /// Who reads all that it is there for; `None` where that is not PEM, or cannot be read at all.
    pub readings: Option<Readings>,
}

/// What lies in the directories that a file was found in: keys and certificates by their public
/// keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Whether the file has private keys alone, and one of them belongs to nothing there.
    pub lone_key: bool,
    /// The leaf in the file whose private key is not there: whether it is a server's, its place among
    /// the certificates of the file, and what to call it.
    pub bare_leaf: Option<(bool, usize, String)>,
    /// Public keys of certificates and requests there.
    pub certificates: usize,
    /// Private keys there that belong to none of them.
    pub lone_keys: usize,
    /// Leaves there whose private key is not.
    pub bare_leaves: usize,
    /// Private keys there that could not be read.
    pub shut_keys: usize,
}

impl FileFacts {
    /// Takes every text of the file itself out: it stands where the caller did not look, so that whoever named it may not be the caller.
    pub fn withhold(&mut self) {
        self.excerpts.clear();
        self.not_shown(&[Quirk::TextAround, Quirk::MalformedMarker]);
    }

    /// Leaves of the file's own text the markers alone: by its name, or by what it was meant to be, all else may be a private key.
    pub fn withhold_body(&mut self) {
        self.excerpts
            .retain(|excerpt| excerpt.text.starts_with('-'));
        self.not_shown(&[Quirk::TextAround]);
    }

    fn not_shown(&mut self, quirks: &[Quirk]) {
        for remark in &mut self.remarks {
            if quirks.contains(&remark.quirk) {
                NOT_SHOWN.clone_into(&mut remark.seen);
            }
        }
    }

    /// The certificates in it, `TRUSTED CERTIFICATE` included, with their items.
    pub fn certificates(&self) -> impl Iterator<Item = (&Item, &Arc<Certificate>)> {
        let own = |item| Item::certificate(item).map(|certificate| (item, certificate));
        self.items.iter().filter_map(own)
    }

    /// The requests for certificates in it, with their items.
    pub fn requests(&self) -> impl Iterator<Item = (&Item, &Request)> {
        self.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Request(request) => Some((item, request.as_ref())),
            _ => None,
        })
    }

    /// The revocation lists in it.
    pub fn revocation_lists(&self) -> impl Iterator<Item = &ListFacts> {
        self.items.iter().filter_map(|item| match &item.kind {
            ItemKind::RevocationList { list, .. } => Some(list.as_ref()),
            _ => None,
        })
    }

    /// The private keys in it, with their items.
    pub fn private_keys(&self) -> impl Iterator<Item = (&Item, &PrivateKey)> {
        self.items.iter().filter_map(|item| match &item.kind {
            ItemKind::PrivateKey(key) => Some((item, key)),
            _ => None,
        })
    }
}
