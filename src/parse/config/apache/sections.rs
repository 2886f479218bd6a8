//! Which requests an Apache section is for, and what `SSLVerifyClient`, `Require`, `SSLRequire`,
//! `<If>` and mod_rewrite ask of them.

use super::{
    super::{
        setting,
        tree::{self, Directive, Scope, named},
    },
    MODES,
    blocks::decides,
    conditions::{all_of, one_of},
    mode, not_read,
    require::{about, about_within, alone_negated, any_of, is_require},
};
use crate::facts::{Demand, Forwarded, NotUnderstood, Partial, Pin, Setting, Site};

/// A section and the requests that it is for.
#[derive(Clone)]
pub(super) struct Section {
    /// `Location /secure`; empty for the host itself.
    pub(super) name: String,
    /// Whether that is every request.
    pub(super) every: bool,
}

/// What was found on the way.
pub(super) struct Reader<'a> {
    pub(super) site: &'a mut Site,
    /// Where the files lie that requests without a section of their own get.
    root: Option<String>,
    /// Whether requests go elsewhere too: to another server, to another folder.
    elsewhere: bool,
    /// Whether rules of mod_rewrite are followed in this host.
    pub(super) rewrites: bool,
    /// The sections with rules of mod_rewrite of their own, in whose requests no rule of another
    /// section counts.
    pub(super) rewriting: Vec<(String, Setting<NotUnderstood>)>,
    /// The sections whose rules look at the certificate.
    pub(super) guarding: Vec<String>,
    /// The first `<If>` about something else that says who gets in: it comes after every section.
    overridden: Option<Setting<NotUnderstood>>,
    /// Conditions by `Require`, which a section of its own replaces, each with its section.
    required: Vec<(Section, Setting<Pin>)>,
    /// The first `Satisfy any`, by which an address is enough where a condition does not hold.
    satisfied: Option<Setting<NotUnderstood>>,
    /// Sections with a `Require` of their own that asks nothing of the certificate.
    open: Vec<Section>,
}

/// Reads a host with what stands around it.
pub(super) fn read(own: &[Directive], scopes: &[&Scope<'_>], site: &mut Site) {
    let root = tree::nearest(scopes, "DocumentRoot")
        .last()
        .map(|root| folder(root.arg(0)).to_owned());
    let other = |name: &str| !tree::nearest(scopes, name).is_empty();
    let on = |list: &[Directive]| {
        named(list, "RewriteEngine")
            .next_back()
            .is_some_and(|engine| engine.arg(0).eq_ignore_ascii_case("on"))
    };
    let mut reader = Reader {
        root,
        elsewhere: [
            "ProxyPass",
            "ProxyPassMatch",
            "Alias",
            "AliasMatch",
            "ScriptAlias",
        ]
        .into_iter()
        .any(other),
        rewrites: on(own),
        rewriting: Vec::new(),
        guarding: Vec::new(),
        overridden: None,
        required: Vec::new(),
        satisfied: None,
        open: Vec::new(),
        site,
    };
    let host = Section {
        name: String::new(),
        every: true,
    };
    // Sections of the main server are for its hosts too.
    if let [outer, _] = scopes {
        for name in [
            "<location",
            "<locationmatch",
            "<directory",
            "<directorymatch",
            "<if",
            "<elseif",
            "<else",
        ] {
            for section in outer.named(name) {
                reader.directive(section, &host, 0);
            }
        }
    }
    reader.list(own, &host, 0);
    reader.conclude();
}

fn folder(path: &str) -> &str {
    path.trim_matches(['"', '\'']).trim_end_matches('/')
}

/// Directives that only write down or answer with what they are given, or are read elsewhere.
const HARMLESS: [&str; 12] = [
    "customlog",
    "errorlogformat",
    "globallog",
    "header",
    "logformat",
    "require",
    "<requireall",
    "<requireany",
    "<requirenone",
    "rewritecond",
    "transferlog",
    "sslrequire",
];

/// Whether a block says who gets in, and does more than refuse.
fn lets_in(block: &Directive) -> bool {
    tree::all(block.children()).into_iter().any(|one| {
        let denies = one.name.eq_ignore_ascii_case("Require")
            && one.arg(0).eq_ignore_ascii_case("all")
            && one.arg(1).eq_ignore_ascii_case("denied");
        decides(one) && !denies
    })
}

/// Sections within sections that are followed.
const DEEPEST: usize = tree::MOST_NESTED;

impl Reader<'_> {
    fn list(&mut self, list: &[Directive], section: &Section, depth: usize) {
        self.authorization(list, section);
        for directive in list {
            self.directive(directive, section, depth);
        }
        self.rewrite_rules(list, section);
    }

    fn directive(&mut self, directive: &Directive, section: &Section, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let name = directive.name.to_ascii_lowercase();
        match name.as_str() {
            "<location" | "<locationmatch" | "<directory" | "<directorymatch" | "<files"
            | "<filesmatch" | "<limit" | "<limitexcept" | "<proxy" | "<proxymatch" => {
                let inner = self.section(&name, directive, section);
                self.list(directive.children(), &inner, depth + 1);
            }
            "<if" | "<elseif" | "<else" if about_within(directive) => {
                self.conditional(directive, section);
            }
            "<if" | "<elseif" | "<else" if lets_in(directive) => {
                let why = NotUnderstood::SeveralConditions;
                let told = setting(why, &directive.place, &directive.text);
                self.overridden.get_or_insert(told);
            }
            "sslverifyclient" if !section.name.is_empty() => match mode(directive.arg(0)) {
                // It asks for what the handshake did not.
                Some(mode) if mode.asks => {
                    self.push(section, Demand::Certificate(mode), directive);
                }
                Some(_) => {}
                None => not_read(directive, MODES, self.site),
            },
            "sslrequire" if about(&directive.text) => match all_of(&directive.args.join(" ")) {
                Some(pins) => {
                    for pin in pins {
                        self.push(section, Demand::Condition(pin), directive);
                    }
                }
                None => not_read(directive, NotUnderstood::Condition, self.site),
            },
            "ssloptions"
                if directive
                    .text
                    .to_ascii_lowercase()
                    .contains("+fakebasicauth") =>
            {
                not_read(directive, NotUnderstood::Condition, self.site);
            }
            "requestheader" if directive.text.contains("SSL_CLIENT_") => {
                let forwarded = Forwarded {
                    header: directive.arg(1).to_owned(),
                    value: directive.arg(2).to_owned(),
                    overwrites: !["add", "append", "merge"]
                        .contains(&directive.arg(0).to_ascii_lowercase().as_str()),
                };
                let told = setting(forwarded, &directive.place, &directive.text);
                self.site.forwards.push(told);
            }
            "satisfy" if directive.arg(0).eq_ignore_ascii_case("any") => {
                let why = NotUnderstood::SeveralConditions;
                let told = setting(why, &directive.place, &directive.text);
                self.satisfied.get_or_insert(told);
            }
            "authtype"
                if ["bearer", "oauth2", "auth-openidc", "oauth20"]
                    .contains(&directive.arg(0).to_ascii_lowercase().as_str()) =>
            {
                let told = setting((), &directive.place, &directive.text);
                self.site.bearer.push(told);
            }
            _ if name.starts_with("lua") => {
                not_read(directive, NotUnderstood::Program, self.site);
            }
            // The name of a user, a variable or a rule that is made of the certificate: something
            // else may decide by it.
            _ if (about(&directive.text) || name == "sslusername")
                && !HARMLESS.contains(&name.as_str()) =>
            {
                not_read(directive, NotUnderstood::ConditionOrRefusal, self.site);
            }
            _ => self
                .site
                .not_understood
                .extend(tree::unread(directive).filter(|_| !section.name.is_empty())),
        }
    }

    /// The section of a container within another one.
    fn section(&self, name: &str, directive: &Directive, outer: &Section) -> Section {
        let plain = name.trim_start_matches('<');
        let called = directive.name.trim_start_matches('<');
        let what = directive.args.join(" ");
        let all = match plain {
            "location" => what == "/",
            "locationmatch" => {
                ["/", "^/", ".*", "^.*", "^/.*", "^/.*$", ".*$", "^/(.*)"].contains(&what.as_str())
            }
            "directory" => {
                !self.elsewhere
                    && (what == "/"
                        || self
                            .root
                            .as_deref()
                            .is_some_and(|root| root == folder(&what)))
            }
            _ => false,
        };
        let own = format!("{called} {what}");
        Section {
            every: outer.every && all,
            name: if outer.name.is_empty() || outer.every {
                own
            } else {
                format!("{own} in {}", outer.name)
            },
        }
    }

    pub(super) fn push(&mut self, section: &Section, demand: Demand, directive: &Directive) {
        let whole = section.every;
        match demand {
            Demand::Condition(pin) if whole => {
                self.site
                    .pins
                    .push(setting(pin, &directive.place, &directive.text));
            }
            demand => {
                let partial = Partial {
                    part: section.name.clone(),
                    every: whole,
                    demand,
                };
                self.site
                    .partly
                    .push(setting(partial, &directive.place, &directive.text));
            }
        }
    }

    /// `<If "…"> Require all denied </If>`: the block refuses what fits, so that to get past it the
    /// opposite has to hold.
    fn conditional(&mut self, directive: &Directive, section: &Section) {
        let refuses = directive.children().iter().any(|child| {
            let name = child.name.to_ascii_lowercase();
            name == "require" && child.text.to_ascii_lowercase().contains("all denied")
                || name == "redirect" && child.arg(0).starts_with('4')
        });
        let first = directive.name.eq_ignore_ascii_case("<If");
        let found = one_of(&directive.args.join(" ")).filter(|_| refuses && first);
        match found {
            Some(pins) => {
                for pin in pins {
                    let pin = Pin {
                        negated: !pin.negated,
                        ..pin
                    };
                    self.push(section, Demand::Condition(pin), directive);
                }
            }
            None => not_read(directive, NotUnderstood::ConditionOrRefusal, self.site),
        }
    }

    /// What the `Require` lines of a section come to: side by side one of them is enough.
    fn authorization(&mut self, list: &[Directive], section: &Section) {
        let mut asked = list.iter().filter(|one| is_require(one)).peekable();
        if asked.peek().is_none() {
            return;
        }
        let asked: Vec<&Directive> = asked.collect();
        if let Some(alone) = alone_negated(&asked) {
            let what = "`Require not` has no effect beside others of which one is enough: Apache does not start";
            let told = setting(what.to_owned(), &alone.place, &alone.text);
            self.site.refused.push(told);
        }
        if !asked.iter().any(|one| about_within(one)) {
            if !section.name.is_empty() && asked.iter().any(|one| one.arg(1) != "denied") {
                self.open.push(section.clone());
            }
            return;
        }
        match any_of(&asked, 0) {
            Ok(pins) if pins.is_empty() => self.open.push(section.clone()),
            Ok(pins) => self
                .required
                .extend(pins.into_iter().map(|pin| (section.clone(), pin))),
            Err(directive) => not_read(directive, NotUnderstood::Condition, self.site),
        }
    }

    /// A condition by `Require` is for every request that no other section lets in without it.
    fn conclude(&mut self) {
        let required = std::mem::take(&mut self.required);
        if !required.is_empty() || !self.site.pins.is_empty() || !self.site.partly.is_empty() {
            self.site.not_understood.extend(self.satisfied.take());
            self.site.not_understood.extend(self.overridden.take());
        }
        self.other_rules();
        let mut open: Vec<&str> = self.open.iter().map(|one| one.name.as_str()).collect();
        open.retain(|name| required.iter().all(|(section, _)| section.name != *name));
        open.dedup();
        // What is open to everybody by the files' own section is what the condition is put upon.
        let below: Vec<&str> = open
            .iter()
            .copied()
            .filter(|name| !name.to_ascii_lowercase().starts_with("directory"))
            .collect();
        for (section, pin) in required {
            let location = section.name.to_ascii_lowercase().starts_with("location");
            let others = if location { &below } else { &open };
            if section.every && others.is_empty() {
                self.site.pins.push(pin);
                continue;
            }
            let part = if section.every {
                format!("every path but {}", others.join(", "))
            } else {
                section.name
            };
            self.site.partly.push(Setting {
                value: Partial {
                    part,
                    every: false,
                    demand: Demand::Condition(pin.value),
                },
                place: pin.place,
                text: pin.text,
            });
        }
    }
}
