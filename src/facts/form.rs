//! How a certificate is written: what the profiles of RFC 5280 section 4 and of the CA/Browser
//! Forum ask about beyond its meaning.

/// The sign of a serial number (RFC 5280 section 4.1.2.2 wants a positive one).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    /// Greater than zero.
    #[default]
    Positive,
    /// Zero.
    Zero,
    /// Less than zero.
    Negative,
}

/// How a moment is encoded (RFC 5280 section 4.1.2.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TimeForm {
    /// `YYMMDDHHMMSSZ`.
    #[default]
    Utc,
    /// `YYYYMMDDHHMMSSZ`.
    Generalized,
    /// Anything else: offsets, fractions, missing seconds; as written, escaped.
    Odd(String),
}

/// One extension, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionForm {
    /// Its OID in dotted form.
    pub oid: String,
    /// Whether it is marked critical.
    pub critical: bool,
    /// Why its value cannot be read; `None` for a readable one and for one that this program does
    /// not know.
    pub problem: Option<String>,
}

/// The kind of an alternative name (RFC 5280 section 4.2.1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// dNSName.
    Dns,
    /// iPAddress.
    Ip,
    /// rfc822Name.
    Email,
    /// uniformResourceIdentifier.
    Uri,
    /// directoryName.
    Directory,
    /// otherName, x400Address, ediPartyName, registeredID.
    Other,
}

/// An alternative name as it stands in the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlternativeName {
    /// Its kind.
    pub kind: NameKind,
    /// The octets of the value: ASCII for DNS names, 4 or 16 octets for addresses when well-formed.
    pub value: Vec<u8>,
}

/// Which fields an authorityKeyIdentifier has (RFC 5280 section 4.2.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKeyIdForm {
    /// keyIdentifier.
    pub key_id: bool,
    /// authorityCertIssuer.
    pub issuer: bool,
    /// authorityCertSerialNumber.
    pub serial: bool,
}

/// The numbers of an RSA key that profiles ask about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RsaForm {
    /// Bits of the modulus.
    pub modulus_bits: u32,
    /// The public exponent; `u64::MAX` for one that does not fit.
    pub exponent: u64,
    /// Whether Fermat's method finds the factors within a hundred rounds: the two primes were
    /// chosen too close together.
    pub close_primes: bool,
    /// Whether the modulus is even, and 2 one of its factors.
    pub even: bool,
}

/// Kinds of hosts that nameConstraints exclude altogether.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExcludedHosts {
    /// DNS names.
    pub names: bool,
    /// A DNS name that is two quotation marks or a period: every name was meant, in all likelihood,
    /// and no verifier reads it so.
    pub names_meant: bool,
    /// IP addresses, of version 4 and 6.
    pub addresses: bool,
}

/// An encoding that a standard forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// Attributes of the subject in another order than BR 7.1.4.2 has: this one stands before that
    /// one.
    SubjectOrder {
        /// The attribute that stands first.
        first: &'static str,
        /// The attribute that it should follow.
        second: &'static str,
    },
    /// Several attributes in one RDN of the subject (BR 7.1.4.1).
    SubjectJoined,
    /// The explicitText of a user notice in this string type (RFC 5280 section 4.2.1.4).
    NoticeString(&'static str),
    /// An RSA signature algorithm without parameters (RFC 4055 section 5 wants NULL).
    AlgorithmWithoutNull,
}

/// How one certificate is written. Empty for one that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Contents octets of the serial number's INTEGER.
    pub serial_octets: usize,
    /// Its sign.
    pub serial_sign: Sign,
    /// Whether the signature algorithm inside the signed part is the one outside (RFC 5280 section
    /// 4.1.1.2).
    pub algorithms_agree: bool,
    /// Bits that the signature's BIT STRING declares as unused; a signature is whole octets (RFC 8017
    /// section 8.2, RFC 3279 section 2.2).
    pub signature_unused_bits: u8,
    /// Encoding of notBefore.
    pub not_before: TimeForm,
    /// Encoding of notAfter.
    pub not_after: TimeForm,
    /// Whether the subject has no attribute.
    pub subject_empty: bool,
    /// Whether the issuer has no attribute.
    pub issuer_empty: bool,
    /// The subject's common names, decoded; hostile characters are still in them.
    pub common_names: Vec<String>,
    /// The subject's first organization, likewise.
    pub organization: Option<String>,
    /// Organizational units of the subject, as text.
    pub units: Vec<String>,
    /// The issuer's last common name, likewise.
    pub issuer_common_name: Option<String>,
    /// The issuer's first organization, likewise.
    pub issuer_organization: Option<String>,
    /// Every extension, in order; one that comes twice stands here twice.
    pub extensions: Vec<ExtensionForm>,
    /// Alternative names; `None` without the extension.
    pub names: Option<Vec<AlternativeName>>,
    /// Fields of the authorityKeyIdentifier; `None` without the extension.
    pub authority_key_id: Option<AuthorityKeyIdForm>,
    /// The RSA key's numbers.
    pub rsa: Option<RsaForm>,
    /// Whether an EC key spells its curve out instead of naming it (RFC 5480 section 2.1.1 forbids
    /// it).
    pub explicit_curve: bool,
    /// Where the issuer's certificate can be had (authorityInfoAccess, caIssuers), URLs.
    pub issuer_urls: Vec<String>,
    /// OCSP responders (authorityInfoAccess), URLs.
    pub ocsp_urls: Vec<String>,
    /// cRLDistributionPoints, URLs.
    pub crl_urls: Vec<String>,
    /// certificatePolicies, dotted OIDs; `None` without the extension.
    pub policies: Option<Vec<String>>,
    /// Whether there is a nameConstraints extension.
    pub constrains_names: bool,
    /// Hosts of which it excludes every one.
    pub excludes: ExcludedHosts,
    /// What is written as a standard forbids, and hardly any verifier minds.
    pub oddities: Vec<Oddity>,
    /// Whether there is a basicConstraints extension.
    pub has_basic_constraints: bool,
}

impl Form {
    /// The extension with this dotted OID, the first if it comes twice.
    pub fn extension(&self, oid: &str) -> Option<&ExtensionForm> {
        self.extensions
            .iter()
            .find(|extension| extension.oid == oid)
    }

    /// Whether it has this extension and marks it critical.
    pub fn critical(&self, oid: &str) -> bool {
        self.extension(oid)
            .is_some_and(|extension| extension.critical)
    }

    /// The alternative names of one kind.
    pub fn names_of(&self, kind: NameKind) -> impl Iterator<Item = &[u8]> {
        self.names
            .iter()
            .flatten()
            .filter(move |name| name.kind == kind)
            .map(|name| name.value.as_slice())
    }
}
