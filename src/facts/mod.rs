//! What was seen: plain, owned, serialisable data.
//!
//! For: every other layer, which reads these types and never the wire or a parser's own types.
//! Must not: judge, print, do input or output, or hold private-key bytes or unredacted secrets.
//!
//! Throughout, an outer `None` means *not observed*; an empty list means *observed and absent*.

mod accepted;
mod admitted;
mod again;
mod algorithm;
mod answer;
mod call;
mod case;
mod case_file;
mod cert;
mod condition;
mod connection;
mod dialled;
mod ending;
mod fetched;
mod file;
mod form;
mod forward;
mod hello;
mod http;
mod inspected;
mod key;
mod list;
mod not_understood;
mod place;
mod readers;
mod readiness;
mod recorded;
mod request;
mod site;
mod software;
mod stacks;
mod timeline;
mod token;
mod trust;
mod usage;
mod when;

pub use accepted::{Accepted, ClientAuth, FirstBytes, Preceded, ProxyHeader, Timings};
pub use admitted::WouldAccept;
pub use again::{Again, Answered, Resent};
pub use algorithm::{Digest, KnownAlgorithm, SignatureAlgorithm, SignatureFamily};
pub use answer::{AnswerFacts, AnswerProblem, AnswerProblemKind, BodyShape, NearMiss, Spelling};
pub use call::{Call, ClientKind, Expected, Outcome, RejectedBy, Reply, SenderKind};
pub use case::{
    Bundle, BundleKey, Case, Chain, ChainUse, Deployment, Link, Part, ProfileMatch, Subject,
};
pub use case_file::{CASE_KIND, CaseAnchor, CaseEvidence, CaseFile, Then, WrittenBy};
pub use cert::{Certificate, DerParts, Key, UnreadableCertificate, common_name};
pub use condition::{Comparison, Demand, Errors, Ignored, Partial, Pin, Pinned, RevocationCheck};
pub use connection::{Connection, Negotiated, PeerSignature};
pub use dialled::{CallTimings, Dialled};
pub use ending::{Alert, Ending, EndingKind, Party, Phase, Refusal};
pub use fetched::{
    Fetched, FetchedFor, FetchedIssuer, Fetching, Revocation, RevocationReason, RevocationStatus,
};
pub use file::{
    Excerpt, FileFacts, FileRole, Format, Item, ItemKind, KeyFormat, KeyProblem, NOT_SHOWN,
    Neighbours, PrivateKey, Quirk, Remark, Shut,
};
pub use form::{
    AlternativeName, AuthorityKeyIdForm, ExcludedHosts, ExtensionForm, Form, NameKind, Oddity,
    RsaForm, Sign, TimeForm,
};
pub use forward::{Forward, ForwardError, ForwardFault, ForwardTimings};
pub use hello::{ClientHello, Extension, Shared};
pub use http::{Abandoned, BodyOmitted, Header, HttpAnswer, HttpExchange, Left, RequestKind};
pub use inspected::{
    AuthMode, CaName, CertificateRequest, ChainView, HttpSeen, Inspected, Probe, Resumption, Shown,
    Stamp, Staple, StapleStatus, StoreVerdict,
};
pub use key::{Curve, KeyAlgorithm, NamedCurve};
pub use list::{ListFacts, ListInUse, ListScope, ListSigner};
pub use not_understood::{NotUnderstood, Unreadable};
pub use place::{Place, Side};
pub use readers::{PemReader, Readings};
pub use readiness::{
    Basis, IdentityOutlook, Outlook, Readiness, ReadinessId, Sighting, WantedAnchor,
};
pub use recorded::{
    AnsweredBy, BodyEncoding, Evidence, RecordedAnswer, RecordedBody, RecordedExchange,
    RecordedHeader, RecordedRequest, Redaction, Room,
};
pub use request::{Request, RequestKey, RequestSignature};
pub use site::{
    Admission, Admitted, Checks, ClientAuthMode, Condition, Door, Forwarded, Lacks, Passphrase,
    Predicted, Served, Setting, Site, TurnedAway,
};
pub use software::{Dialect, ServerSoftware};
pub use stacks::{ChainFeature, PathPlace, Stack, StackAnswer, StackReason, StackVerdict};
pub use timeline::{Stage, Step};
pub use token::{Token, TokenCheck, TokenFault, TokenKind, TokenProblem};
pub use trust::{
    Candidate, Problem, Purpose, Requirement, SIGNATURE_NOT_CHECKED, TrustFacts, TrustStatus,
    VerifyEvent, VerifyStep, Violation, X509Error,
};
pub use usage::{Eku, KeyUsage, TrustSettings, listed};
pub use when::When;
