//! The features of a chain by which verifiers differ.
//!
//! For: `verify::stacks`, which finds them, and its table. Must not: say who refuses which.

use serde::{Deserialize, Serialize};

/// Something about a chain that some verifier refuses. `verify::stacks` finds them, its table says
/// who refuses which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChainFeature {
    /// Past its notAfter.
    Expired,
    /// In the very second of its notAfter.
    LastSecond,
    /// Before its notBefore.
    NotYetValid,
    /// Issuer name equal to its issuer's subject only after folding case, blanks or string types.
    IssuerNameForm,
    /// AuthorityKeyIdentifier names another key than its issuer's.
    KeyIdDiffers,
    /// AuthorityKeyIdentifier names another key or serial number than the anchor's above it.
    AnchorKeyIdDiffers,
    /// More CAs below it than its pathLenConstraint allows.
    PathLengthExceeded,
    /// More CAs below it than its pathLenConstraint allows, if a self-issued certificate counts.
    PathLengthSelfIssued,
    /// More CAs between leaf and anchor than were asked for.
    TooDeep,
    /// More than six intermediates.
    LongPath,
    /// More than eight intermediates.
    VeryLongPath,
    /// The leaf itself is the anchor, and it is not self-signed.
    AnchorLeaf,
    /// The path ends in an anchor that is not self-signed.
    AnchorNotSelfSigned,
    /// A self-signed leaf that is its own anchor.
    AnchorSelfSignedLeaf,
    /// None of its names covers the host.
    HostNotCovered,
    /// Only its common name covers the host, and it has no subjectAltName with a DNS name.
    HostInCommonName,
    /// Only its common name covers the host, and its subjectAltName has addresses.
    HostInCommonNameBesideAddress,
    /// Only a wildcard within a label covers the host.
    HostCoveredWithinLabel,
    /// Only a wildcard over a whole top-level domain covers the host.
    HostCoveredOverTld,
    /// Only a wildcard alone covers the host, which has one label.
    HostCoveredByStar,
    /// Only a wildcard in another label than the first covers the host.
    HostCoveredByInnerLabel,
    /// The host ends with a dot.
    HostWithDot,
    /// The name that covers the host ends with a dot.
    HostCoveredWithDot,
    /// The host has an underscore in a label that only a wildcard covers.
    HostUnderscoreByWildcard,
    /// The host has an underscore.
    HostUnderscore,
    /// Neither a subject nor a subjectAltName.
    NamesAndSubjectMissing,
    /// No subjectAltName.
    NamesMissing,
    /// A subjectAltName without a name.
    NamesEmpty,
    /// An empty subject, and a subjectAltName that is not critical.
    NamesNotCritical,
    /// A critical subjectAltName beside a subject.
    NamesCritical,
    /// A DNS name that is not ASCII.
    NameNotAscii,
    /// An IP address of neither 4 nor 16 octets.
    AddressMalformed,
    /// An empty subject in a CA.
    CaNameEmpty,
    /// A PrintableString with characters that it does not have.
    PrintableStringMalformed,
    /// A name of several attributes at once that are not in DER's order.
    NameUnsorted,
    /// ExtendedKeyUsage without the purpose.
    UsageMissing,
    /// AnyExtendedKeyUsage in place of the purpose.
    UsageAny,
    /// Server gated crypto in place of serverAuth.
    UsageGatedCrypto,
    /// An extendedKeyUsage without a purpose.
    UsageEmpty,
    /// A critical extendedKeyUsage.
    UsageCritical,
    /// NsCertType of the other side.
    NetscapeTypeOther,
    /// A critical nsCertType.
    NetscapeTypeCritical,
    /// KeyUsage without digitalSignature.
    SignatureUsageMissing,
    /// KeyUsage without any usage that the purpose needs.
    UsageUnfit,
    /// A keyUsage without a usage.
    LeafUsageEmpty,
    /// A leaf with keyCertSign that is not a CA.
    LeafSigns,
    /// A CA without keyUsage.
    CaUsageMissing,
    /// A CA whose keyUsage lacks keyCertSign.
    CertSignMissing,
    /// It issued a certificate and is not a CA.
    NotACa,
    /// A CA without basicConstraints that say so.
    CaByOtherMeans,
    /// BasicConstraints of a CA not critical.
    ConstraintsNotCritical,
    /// The leaf is a CA.
    LeafIsCa,
    /// BasicConstraints that spell out cA FALSE, which DER leaves out.
    ExplicitFalse,
    /// A pathLenConstraint in a certificate that is not a CA.
    PathLengthInLeaf,
    /// A pathLenConstraint beyond 32 bits.
    PathLengthHuge,
    /// A negative pathLenConstraint.
    PathLengthNegative,
    /// X.509 version 1 or 2.
    VersionOneLeaf,
    /// Extensions in a certificate of version 1 or 2.
    VersionOneExtensions,
    /// X.509 version 4 or above.
    VersionUnknown,
    /// A negative serial number.
    SerialNegative,
    /// A serial number with octets that DER leaves out.
    SerialPadded,
    /// GeneralizedTime for a moment before 2050.
    TimeGeneralized,
    /// UTCTime without seconds.
    TimeWithoutSeconds,
    /// A time in an unrecognised form.
    TimeOdd,
    /// UTCTime with an offset.
    TimeWithOffset,
    /// Signed with SHA-1.
    Sha1,
    /// Signed with MD5 or older.
    OlderThanSha1,
    /// Signed with SHA-224.
    RsaSha224,
    /// Signed with Ed25519.
    SignedByEd25519,
    /// Signed with Ed448.
    SignedByEd448,
    /// Signed by a key that is only for RSASSA-PSS.
    SignedByPssKey,
    /// Signed with RSASSA-PSS over another mask digest, or with a salt of another length than the
    /// digest's.
    SignedByUncommonPss,
    /// Signed with DSA.
    SignedByDsa,
    /// Signed with an unrecognised algorithm.
    SignedByOther,
    /// An RSA key whose strength is below 112 bits.
    RsaWeak,
    /// An RSA key below 2048 bits.
    #[serde(rename = "rsa-below-2048")]
    RsaBelow2048,
    /// An RSA key below 1024 bits.
    #[serde(rename = "rsa-below-1024")]
    RsaBelow1024,
    /// A P-521 key.
    P521,
    /// A P-224 key.
    P224,
    /// A key on a curve other than P-256, P-384 and P-521.
    CurveUncommon,
    /// A curve spelled out instead of named.
    CurveSpelledOut,
    /// An Ed25519 key.
    Ed25519Key,
    /// A key of an unrecognised type.
    KeyOther,
    /// A key that is only for RSASSA-PSS.
    PssKey,
    /// No authorityKeyIdentifier.
    AuthorityKeyIdMissing,
    /// An authorityKeyIdentifier without keyIdentifier.
    AuthorityKeyIdWithoutKey,
    /// A CA without subjectKeyIdentifier.
    SubjectKeyIdMissing,
    /// A self-signed anchor whose two key identifiers differ.
    RootKeyIdsDiffer,
    /// A critical key identifier.
    KeyIdCritical,
    /// An unknown critical extension.
    UnknownCritical,
    /// A critical authorityInfoAccess.
    InfoAccessCritical,
    /// A critical extension of a kind that few verifiers read.
    RareCritical,
    /// Critical cRLDistributionPoints.
    DistributionPointsCritical,
    /// An extension twice that verifiers read.
    ExtensionTwice,
    /// An extension twice that verifiers do not read.
    UnknownExtensionTwice,
    /// An extension that cannot be read.
    ExtensionUnreadable,
    /// Critical certificatePolicies.
    PoliciesCritical,
    /// Critical policyConstraints, policyMappings or inhibitAnyPolicy.
    PolicyExtensionCritical,
    /// No policy valid for it, and a CA above asks for one.
    PolicyMissing,
    /// Policy extensions that are malformed.
    PolicyMalformed,
    /// The same policy twice.
    PolicyTwice,
    /// A DNS name that the name constraints of a CA above do not allow.
    ConstrainedDnsOutside,
    /// An e-mail address that the name constraints of a CA above do not allow.
    ConstrainedEmailOutside,
    /// A URI that the name constraints of a CA above do not allow.
    ConstrainedUriOutside,
    /// An IP address that the name constraints of a CA above do not allow.
    ConstrainedAddressOutside,
    /// A subject that the name constraints of a CA above do not allow.
    ConstrainedDirectoryOutside,
    /// A name of another kind that the name constraints of a CA above do not allow.
    ConstrainedOtherOutside,
    /// A name that the name constraints of the anchor do not allow.
    ConstrainedOutsideByAnchor,
    /// An IP address, and a CA above constrains addresses.
    ConstrainedAddress,
    /// An e-mail address, and a CA above constrains them.
    ConstrainedEmail,
    /// A URI, and a CA above constrains them.
    ConstrainedUri,
    /// A CA above constrains directory names.
    ConstrainedDirectory,
    /// No subjectAltName, and a CA above permits certain DNS names only.
    ConstrainedNoName,
    /// No subjectAltName, and a common name outside of the DNS names that a CA above permits.
    ConstrainedNoNameOutside,
    /// A common name that the DNS name constraints of a CA above do not allow, and no DNS name.
    ConstrainedCommonName,
    /// A wildcard that covers an excluded host.
    ConstrainedWildcard,
    /// Name constraints of a kind that is not read.
    ConstraintKind,
    /// A DNS name constraint that begins with a dot.
    ConstraintWithDot,
    /// Name constraints that are malformed.
    ConstraintMalformed,
    /// Name constraints without a subtree.
    ConstraintEmpty,
    /// Name constraints on addresses with a mask that has holes.
    ConstraintMask,
    /// An IP address, and a CA above constrains addresses by a mask that has holes.
    ConstrainedByMask,
    /// Name constraints in a leaf.
    ConstraintsInLeaf,
    /// Revoked by its issuer's revocation list.
    Revoked,
    /// A CA revoked by the list of the CA above it.
    RevokedCa,
    /// No revocation list of its issuer.
    ListMissing,
    /// No revocation list of its issuer.
    ListMissingForCa,
    /// Its revocation list is out of date.
    ListExpired,
    /// Its revocation list is not yet valid.
    ListNotYetValid,
    /// Its revocation list has no nextUpdate.
    ListWithoutNextUpdate,
    /// Its revocation list is signed with an algorithm that this program does not have.
    ListNotChecked,
    /// Its revocation list was not signed by its issuer's key.
    ListForged,
    /// Its revocation list has an unknown critical extension.
    ListCritical,
    /// Its revocation list covers other certificates.
    ListOtherScope,
    /// Its revocation list covers leaves only, marked critical.
    ListPartial,
    /// The issuer of its revocation list lacks cRLSign.
    ListIssuerUsage,
}
