//! Blocks that count on a condition, values with names, and macros: what stands in a configuration
//! of Apache once they are put in.

use std::collections::{HashMap, HashSet};

use super::{
    super::tree::{self, Directive, named},
    require::about,
};

/// Names that distributions give when they start a server with TLS.
const USUAL: [&str; 4] = ["SSL", "HAVE_SSL", "HTTPS", "TLS"];

/// Puts the values of `Define` in the place of `${NAME}`. Variables of the environment stay as they
/// are.
pub(super) fn substitute(directives: &mut [Directive], known: &[(String, String)]) {
    for directive in directives {
        for arg in directive.args.iter_mut().filter(|arg| arg.contains("${")) {
            for (name, value) in known {
                *arg = arg.replace(name, value);
            }
        }
        if let Some(block) = &mut directive.block {
            substitute(block, known);
        }
    }
}

/// The names that are defined in what was read.
pub(super) fn defined(directives: &[Directive]) -> HashSet<String> {
    let all = tree::all(directives);
    let defines = all
        .iter()
        .filter(|one| one.name.eq_ignore_ascii_case("Define"));
    let mut found: HashSet<String> = defines.map(|define| define.arg(0).to_owned()).collect();
    for load in all
        .iter()
        .filter(|one| one.name.eq_ignore_ascii_case("LoadModule"))
    {
        let file = load.arg(1).rsplit('/').next().unwrap_or_default();
        found.insert(loaded(load.arg(0)));
        found.insert(loaded(&file.replace(".so", ".c")));
    }
    found
}

/// Directives that say who gets in.
pub(super) fn decides(directive: &Directive) -> bool {
    let name = directive.name.to_ascii_lowercase();
    let own = [
        "sslverify",
        "sslca",
        "sslrequire",
        "sslengine",
        "require",
        "rewrite",
        "<if",
        "satisfy",
    ];
    own.iter().any(|start| name.starts_with(start))
}

/// Whether a directive asks for a certificate or something of it. Without the block it would be gone,
/// and anything else in it could only turn away fewer.
fn asks(directive: &Directive) -> bool {
    let name = directive.name.to_ascii_lowercase();
    let own = ["sslverify", "sslca", "sslrequire", "sslengine"];
    own.iter().any(|start| name.starts_with(start)) || about(&directive.text)
}

/// Whether a module is surely there: that of TLS, without which there would be no address to look
/// at, that of `Require`, and those that are loaded in what was read.
fn is_there(module: &str, defined: &HashSet<String>) -> bool {
    [
        "mod_ssl.c",
        "ssl_module",
        "mod_authz_core.c",
        "authz_core_module",
    ]
    .contains(&module)
        || defined.contains(&loaded(module))
}

/// How a module is kept among the names that are defined.
fn loaded(module: &str) -> String {
    format!("module {module}")
}

/// What stands in `<IfModule>`, `<IfFile>` and `<IfVersion>` counts as if it stood outside: the
/// usual configuration of today is meant. So does a block for a name that is given when the server
/// is started. Where it is not known whether it counts, that is said, if the block has to do with
/// who gets in.
pub(super) fn conditional(directives: Vec<Directive>, defined: &HashSet<String>) -> Vec<Directive> {
    let mut out = Vec::with_capacity(directives.len());
    for mut directive in directives {
        let block = directive
            .block
            .take()
            .map(|block| conditional(block, defined));
        let name = directive.name.to_ascii_lowercase();
        match (block, name.as_str()) {
            (Some(block), "<ifdefine") => {
                let (negated, name) = match directive.arg(0).strip_prefix('!') {
                    Some(name) => (true, name),
                    None => (false, directive.arg(0)),
                };
                let known = defined.contains(name) || USUAL.contains(&name);
                let matters = tree::all(&block).into_iter().any(decides);
                if !known && matters {
                    out.push(tree::undefined(name, &directive));
                }
                if known != negated || !known {
                    out.extend(block);
                }
            }
            (Some(block), "<ifversion") => {
                // Older than 2.4.
                let older = directive.arg(0).starts_with('<') && directive.arg(1) < "2.4.1";
                if !older {
                    out.extend(block);
                }
            }
            (Some(block), "<ifmodule" | "<iffile") => {
                let (negated, what) = match directive.arg(0).strip_prefix('!') {
                    Some(what) => (true, what),
                    None => (false, directive.arg(0)),
                };
                let known = name == "<ifmodule" && is_there(what, defined);
                if !known && tree::all(&block).into_iter().any(asks) {
                    out.push(tree::undefined(what, &directive));
                }
                if !negated {
                    out.extend(block);
                }
            }
            (block, _) => {
                directive.block = block;
                out.push(directive);
            }
        }
    }
    out
}

/// How deep macros may use each other, and directives that they may bring.
const DEEPEST: usize = 8;
const MOST: usize = 20_000;

/// Puts what a `<Macro>` holds in the place of each `Use` of it. A `Use` of a macro that was not
/// read stays.
pub(super) fn macros(top: Vec<Directive>) -> Vec<Directive> {
    let known: HashMap<String, Directive> = named(&top, "<Macro")
        .map(|one| (one.arg(0).to_ascii_lowercase(), one.clone()))
        .collect();
    if known.is_empty() {
        return top;
    }
    let rest = top
        .into_iter()
        .filter(|one| !one.name.eq_ignore_ascii_case("<Macro"));
    used(rest.collect(), &known, 0, &mut { MOST })
}

fn used(
    list: Vec<Directive>,
    known: &HashMap<String, Directive>,
    depth: usize,
    left: &mut usize,
) -> Vec<Directive> {
    let mut out = Vec::with_capacity(list.len());
    for mut directive in list {
        let named = directive.name.eq_ignore_ascii_case("Use");
        let found = known.get(&directive.arg(0).to_ascii_lowercase());
        match found.filter(|_| named && depth < DEEPEST) {
            Some(found) if tree::all(found.children()).len() < *left => {
                *left -= tree::all(found.children()).len();
                let parameters = found.args.iter().skip(1).cloned();
                let given = directive.args.iter().skip(1).cloned();
                let values: Vec<(String, String)> = parameters.zip(given).collect();
                let mut inner = found.children().to_vec();
                filled(&mut inner, &values);
                out.extend(used(inner, known, depth + 1, left));
            }
            _ => {
                if let Some(block) = directive.block.take() {
                    directive.block = Some(used(block, known, depth, left));
                }
                out.push(directive);
            }
        }
    }
    out
}

/// Puts the values of a macro's parameters in their places, the longest names first.
fn filled(list: &mut [Directive], values: &[(String, String)]) {
    let mut values: Vec<&(String, String)> = values.iter().collect();
    values.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let fill = |text: &mut String| {
        for (name, value) in &values {
            if !name.is_empty() && text.contains(name.as_str()) {
                *text = text.replace(name.as_str(), value);
            }
        }
    };
    let mut open: Vec<&mut Directive> = list.iter_mut().collect();
    while let Some(one) = open.pop() {
        fill(&mut one.name);
        one.args.iter_mut().for_each(fill);
        fill(&mut one.text);
        open.extend(one.block.iter_mut().flatten());
    }
}
