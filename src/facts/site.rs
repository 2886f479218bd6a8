//! What a server's configuration says about mutual TLS at one of its addresses.

use serde::Serialize;

use super::{
    Demand, FileRole, Ignored, ListInUse, NotUnderstood, Partial, Pin, Pinned, Place,
    RevocationCheck, ServerSoftware, Unreadable,
};

/// A setting, where it stands and how it is written there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct Setting<T> {
    /// What it sets.
    pub value: T,
    /// Where.
    pub place: Place,
    /// The directive as written, on one line.
    pub text: String,
}

/// How far a client certificate is checked once it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Checks {
    /// Chain, dates, purpose: a bad one is refused.
    All,
    /// All but whether its issuer is known (`optional_no_ca` of nginx and Apache).
    ButIssuer,
    /// Nothing: any certificate will do.
    Nothing,
}

/// What is done about client certificates: three questions that servers answer with one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct ClientAuthMode {
    /// Whether the handshake asks for one.
    pub asks: bool,
    /// Whether a client without one is refused.
    pub requires: bool,
    /// What is checked of one that came.
    pub checks: Checks,
}

impl ClientAuthMode {
    /// Not asked for.
    pub const OFF: Self = Self {
        asks: false,
        requires: false,
        checks: Checks::Nothing,
    };
    /// Required and checked.
    pub const REQUIRED: Self = Self {
        asks: true,
        requires: true,
        checks: Checks::All,
    };
    /// Checked when it comes.
    pub const OPTIONAL: Self = Self {
        requires: false,
        ..Self::REQUIRED
    };

    /// Whether nobody gets past it without a good certificate.
    pub fn enforces(self) -> bool {
        self.asks && self.requires && self.checks == Checks::All
    }
}

/// A header that carries something of the certificate to the application.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct Forwarded {
    /// The header's name.
    pub header: String,
    /// What is put into it, as written.
    pub value: String,
    /// Whether a header of that name from outside is replaced; otherwise both arrive, and anybody can send one.
    pub overwrites: bool,
}

/// Whether a client gets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Admitted {
    /// Its request is answered.
    Accepted,
    /// It is turned away.
    Rejected,
    /// The configuration does not tell.
    Unknown,
}

/// How a client is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TurnedAway {
    /// In the handshake.
    Alert,
    /// After it, by a status.
    HttpStatus,
}

/// What a server configured so does with a client, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct Admission {
    /// Whether it gets in.
    pub outcome: Admitted,
    /// How it is turned away, when it is.
    pub rejected_by: Option<TurnedAway>,
    /// Why, in a few words.
    pub why: String,
}

/// What is expected to happen to a client of `simulate --matrix`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct Predicted {
    /// `valid` or a fault's id.
    pub client: String,
    /// What happens to it.
    #[serde(flatten)]
    pub admission: Admission,
}

/// What an address lacks that another one has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lacks {
    /// There is no TLS.
    Tls,
    /// No certificate is requested.
    Certificate,
}

/// Another way in: an address at which the same requests are served without a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct Door {
    /// The address or the server, as the configuration calls it.
    pub address: String,
    /// What is missing there.
    pub lacks: Lacks,
    /// What both hand their requests to; `None` when both are one server.
    pub target: Option<String>,
    /// Whether it is for the same names and for every request; otherwise only some of the requests
    /// may come by it.
    pub certain: bool,
}

impl Door {
    /// An address without TLS of the very server that has another one with it.
    pub fn without_tls(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            lacks: Lacks::Tls,
            target: None,
            certain: true,
        }
    }
}

/// Where a server takes the passphrase of its key from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Passphrase {
    /// A file with one on each line, of which every one is tried.
    File(String),
    /// A program, or the terminal, once it starts.
    WhileStarting,
}

/// Which requests an address serves, as far as that is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Served {
    /// The host names that it is for; any when empty.
    pub names: Vec<String>,
    /// The applications that it hands requests to, each with whether it does so for every request.
    pub targets: Vec<(String, bool)>,
    /// The applications with the paths that they certainly get, as the configuration writes them.
    pub paths: Vec<(String, String)>,
}

/// One address of a server at which TLS ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct Site {
    /// The software.
    pub software: ServerSoftware,
    /// What to call it: `server hook.example.com`, `frontend web`.
    pub name: String,
    /// Where it begins.
    pub place: Place,
    /// Files with its chain.
    pub certificate: Vec<Setting<String>>,
    /// From which of them on the files only add to the chain; `None` when none does.
    #[serde(skip)]
    pub chain_from: Option<usize>,
    /// Files with its private key.
    pub key: Vec<Setting<String>>,
    /// Where the passphrase of the key comes from; `None` when nothing is said.
    pub passphrase: Option<Setting<Passphrase>>,
    /// Files or directories with the anchors for client certificates.
    pub client_ca: Vec<Setting<String>>,
    /// Those of them that the configuration itself holds, by their name, PEM or DER.
    #[serde(skip)]
    pub inline_ca: Vec<(String, Vec<u8>)>,
    /// Revocation lists for client certificates.
    pub crl: Vec<Setting<String>>,
    /// What the lists say of each CA, once the files are read.
    pub lists: Vec<ListInUse>,
    /// For which certificates they are looked into.
    pub crl_check: RevocationCheck,
    /// What is done about client certificates; `None` when nothing is said, which means they are not asked for.
    pub client_auth: Option<Setting<ClientAuthMode>>,
    /// How many intermediates may stand between leaf and anchor, the software's own way of counting undone; `None` when nothing is said.
    pub intermediates: Option<Setting<u32>>,
    /// How many it is then.
    pub intermediates_default: Option<u32>,
    /// TLS versions that are offered, wire numbers, ascending; `None` when nothing is said.
    pub versions: Option<Setting<Vec<u16>>>,
    /// Errors of certificates that are passed over.
    pub ignores: Option<Setting<Ignored>>,
    /// Conditions on the certificate that every request has to fulfil.
    pub pins: Vec<Setting<Pin>>,
    /// What is asked of some requests only.
    pub partly: Vec<Setting<Partial>>,
    /// Other ways in, by which the same requests need no certificate.
    pub doors: Vec<Setting<Door>>,
    /// Whether some of its requests, which ones is not known, may come by another way in.
    #[serde(skip)]
    pub open_in_part: bool,
    /// Which requests it serves.
    #[serde(skip)]
    pub serves: Served,
    /// Settings about client certificates that change nothing, the value saying why.
    pub without_effect: Vec<Setting<String>>,
    /// Lines for which the server does not start, the value saying why.
    pub refused: Vec<Setting<String>>,
    /// Whether HTTP is spoken: a refusal is a status then, where the handshake went through.
    #[serde(skip)]
    pub http: bool,
    /// Headers that tell the application about it.
    pub forwards: Vec<Setting<Forwarded>>,
    /// Signs that something checks the Authorization header.
    pub bearer: Vec<Setting<()>>,
    /// Files that it names and that could not be read, the value saying why.
    #[schemars(with = "Vec<Setting<String>>")]
    pub unreadable: Vec<Setting<Unreadable>>,
    /// Directives near TLS that were not understood, and files that could not be included.
    #[schemars(with = "Vec<Setting<String>>")]
    pub not_understood: Vec<Setting<NotUnderstood>>,
    /// What is expected of the clients of `simulate --matrix`; filled in once the files are read.
    pub predicted: Vec<Predicted>,
}

/// A condition on the certificate.
#[derive(Clone, Copy, Debug)]
pub struct Condition<'a> {
    /// What is asked.
    pub pin: &'a Pin,
    /// The part of the address that it is asked for; `None` is all of it.
    pub part: Option<&'a str>,
    /// Where it stands.
    pub place: &'a Place,
    /// As it is written.
    pub text: &'a str,
}

impl Condition<'_> {
    /// ` for location /api`, or nothing where it is asked of every request.
    pub fn for_part(&self) -> String {
        self.part
            .map_or_else(String::new, |part| format!(" for {part}"))
    }
}

impl Site {
    /// The conditions on the certificate, those that are asked of some requests only behind the
    /// others.
    pub fn conditions(&self) -> impl Iterator<Item = Condition<'_>> {
        let everywhere = self.pins.iter().map(|setting| Condition {
            pin: &setting.value,
            part: None,
            place: &setting.place,
            text: &setting.text,
        });
        let partly = self.partly.iter().filter_map(|setting| {
            let Demand::Condition(pin) = &setting.value.demand else {
                return None;
            };
            Some(Condition {
                pin,
                part: (!setting.value.every).then_some(setting.value.part.as_str()),
                place: &setting.place,
                text: &setting.text,
            })
        });
        everywhere.chain(partly)
    }

    /// Whether client certificates are checked by authorities that were not read: by which ones is
    /// not known then.
    pub fn authorities_unread(&self) -> bool {
        let mode = self.mode();
        let elsewhere = |setting: &Setting<NotUnderstood>| setting.value.may_name_authorities();
        let unread = |setting: &Setting<Unreadable>| setting.value.meant_as == FileRole::ClientCa;
        let checked = mode.asks && mode.checks == Checks::All || self.asks_later();
        let nowhere = self.client_ca.is_empty()
            && (self.not_read() || self.not_understood.iter().any(elsewhere));
        checked && (nowhere || self.unreadable.iter().any(unread))
    }

    /// Whether the configuration itself could not be read.
    pub fn not_read(&self) -> bool {
        let config = |setting: &Setting<Unreadable>| setting.value.meant_as == FileRole::Config;
        self.unreadable.iter().any(config)
    }

    /// The first thing that was not understood and that may decide who gets in.
    pub fn undecided(&self) -> Option<&Setting<NotUnderstood>> {
        self.not_understood
            .iter()
            .find(|setting| setting.value.may_decide())
    }

    /// One about which nothing is known yet.
    pub fn new(software: ServerSoftware, name: impl Into<String>, place: Place) -> Self {
        Self {
            software,
            name: name.into(),
            place,
            certificate: Vec::new(),
            chain_from: None,
            key: Vec::new(),
            client_ca: Vec::new(),
            inline_ca: Vec::new(),
            crl: Vec::new(),
            passphrase: None,
            lists: Vec::new(),
            crl_check: RevocationCheck::default(),
            client_auth: None,
            intermediates: None,
            intermediates_default: None,
            versions: None,
            ignores: None,
            pins: Vec::new(),
            partly: Vec::new(),
            doors: Vec::new(),
            open_in_part: false,
            serves: Served::default(),
            without_effect: Vec::new(),
            refused: Vec::new(),
            http: true,
            forwards: Vec::new(),
            bearer: Vec::new(),
            unreadable: Vec::new(),
            not_understood: Vec::new(),
            predicted: Vec::new(),
        }
    }

    /// Whether one of its names is this one, or has it under a `*`.
    pub fn is_called(&self, name: &str) -> bool {
        self.name
            .split([' ', ','])
            .filter(|own| !own.is_empty())
            .any(|own| {
                let below = own.strip_prefix('*').and_then(|rest| {
                    let at = name.len().checked_sub(rest.len())?;
                    let end = name.get(at..)?;
                    let first = name.get(..at)?;
                    Some(
                        end.eq_ignore_ascii_case(rest) && !first.is_empty() && !first.contains('.'),
                    )
                });
                own.eq_ignore_ascii_case(name) || below == Some(true)
            })
    }

    /// Whether some requests are asked for a certificate after the handshake.
    pub fn asks_later(&self) -> bool {
        self.partly
            .iter()
            .any(|setting| matches!(setting.value.demand, Demand::Certificate(_)))
    }

    /// Whether every request is.
    pub fn asks_every_request(&self) -> bool {
        self.partly.iter().any(|setting| {
            setting.value.every && matches!(setting.value.demand, Demand::Certificate(_))
        })
    }

    /// What is done about client certificates.
    pub fn mode(&self) -> ClientAuthMode {
        self.client_auth
            .as_ref()
            .map_or(ClientAuthMode::OFF, |setting| setting.value)
    }

    /// Whether a request without a verified certificate is refused by a condition, though the handshake lets it pass.
    pub fn verified_later(&self) -> bool {
        self.pins.iter().any(|pin| {
            matches!(pin.value.of, Pinned::Verified | Pinned::NoError) && !pin.value.negated
        })
    }

    /// Whether the handshake lets certificates with certain fingerprints pass alone.
    pub fn pinned(&self) -> bool {
        self.pins.iter().any(|pin| {
            pin.value.of == Pinned::Fingerprint && pin.value.in_handshake && !pin.value.negated
        })
    }

    /// What was not understood where it is not known whether certificates are requested.
    pub fn mode_unread(&self) -> Option<&Setting<NotUnderstood>> {
        let mut open = self.not_understood.iter();
        open.find(|setting| self.client_auth.is_none() && setting.value.may_request())
    }

    /// Where the setting about client certificates stands, else where the site begins.
    pub fn client_auth_place(&self) -> &Place {
        self.client_auth
            .as_ref()
            .map_or(&self.place, |setting| &setting.place)
    }
}
