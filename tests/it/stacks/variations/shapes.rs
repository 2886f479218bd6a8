//! What widespread programs that are an authority issue, from their documentation and sources.

use super::{
    extensions::{access, points},
    variations,
};
use crate::stacks::{
    chain::{Chain, HOST, Role},
    forge::{
        AKI, BASIC, CERT_SIGN, CLIENT_AUTH, CRL_SIGN, DATA_ENCIPHERMENT, DIGITAL_SIGNATURE, EKU,
        EMAIL, Extension, KEY_AGREEMENT, KEY_ENCIPHERMENT, Name, SAN, SERVER_AUTH, SKI, aki, basic,
        dns, eku, key_usage, name, san, ski,
    },
};

/// Sets the extensions of a root that signs leaves itself.
fn root(chain: &mut Chain, of: impl Fn(&[u8]) -> Vec<Extension>) {
    chain.rsa().straight();
    let id = chain.root().key.id();
    chain.root().extensions = Some(of(&id));
}

/// Sets those of the leaf; the name comes last, where one is wanted.
fn leaf(chain: &mut Chain, named: bool, of: impl Fn(&[u8], &[u8]) -> Vec<Extension>) {
    let mut extensions = of(&chain.leaf.key.id(), &chain.leaf.signer.id());
    if named {
        extensions.push(san(&[dns(HOST)]));
    }
    chain.leaf.extensions = Some(extensions);
}

/// `openssl req -x509` and its `v3_ca` of old, without `critical`.
fn old_root(chain: &mut Chain) {
    root(chain, |id| {
        vec![ski(id), aki(id), basic(true, None).plain()]
    });
}

fn serial_aki(chain: &Chain) -> Extension {
    use crate::stacks::{der::implicit, der::sequence, forge::aki_issuer};
    let id = implicit(0, &chain.leaf.signer.id());
    let value = [id, aki_issuer(&chain.anchors[0].subject, 0x1001)].concat();
    Extension::new(AKI, sequence(&[value]))
}

variations! {
    "shape-openssl-x509-req", BOTH, |c| {
        root(c, |id| vec![ski(id), aki(id), basic(true, None)]);
        c.leaf.version = 0;
        c.leaf.extensions = None;
    };
    "shape-openssl-with-san", BOTH, |c| {
        root(c, |id| vec![ski(id), aki(id), basic(true, None)]);
        leaf(c, true, |_, _| Vec::new());
    };
    "shape-openssl-usr-cert", BOTH, |c| {
        old_root(c);
        leaf(c, false, |own, above| vec![basic(false, None).plain(), ski(own), aki(above)]);
    };
    "shape-easy-rsa", BOTH, |c| {
        let name_of_root = c.anchors[0].subject.clone();
        root(c, |id| {
            let value = [
                crate::stacks::der::implicit(0, id),
                crate::stacks::forge::aki_issuer(&name_of_root, 0x1001),
            ];
            let both = Extension::new(AKI, crate::stacks::der::sequence(&value));
            vec![ski(id), both, basic(true, None).plain(), key_usage(&[CERT_SIGN, CRL_SIGN]).plain()]
        });
        let by_serial = serial_aki(c);
        let role = c.role;
        leaf(c, role == Role::Server, |own, _| {
            let bits: &[u8] = match role {
                Role::Server => &[DIGITAL_SIGNATURE, KEY_ENCIPHERMENT],
                Role::Client => &[DIGITAL_SIGNATURE],
            };
            vec![
                basic(false, None).plain(),
                ski(own),
                by_serial.clone(),
                eku(&[role.purpose()]),
                key_usage(bits).plain(),
            ]
        });
    };
    "shape-docker-guide", BOTH, |c| {
        root(c, |id| vec![ski(id), aki(id), basic(true, None)]);
        let role = c.role;
        leaf(c, role == Role::Server, |_, _| vec![eku(&[role.purpose()])]);
    };
    "shape-minikube", BOTH, |c| {
        let bits = [DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, CERT_SIGN];
        root(c, |id| {
            vec![key_usage(&bits), eku(&[CLIENT_AUTH, SERVER_AUTH]), basic(true, None), ski(id)]
        });
        let role = c.role;
        leaf(c, role == Role::Server, |_, above| {
            let bits = key_usage(&[DIGITAL_SIGNATURE, KEY_ENCIPHERMENT]);
            vec![bits, eku(&[SERVER_AUTH, CLIENT_AUTH]), basic(false, None), aki(above)]
        });
    };
    "shape-kubeadm", BOTH, |c| {
        let bits = [DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, CERT_SIGN];
        root(c, |id| {
            vec![key_usage(&bits), basic(true, None), ski(id), san(&[dns("kubernetes")])]
        });
        let role = c.role;
        leaf(c, role == Role::Server, |_, above| {
            let bits = key_usage(&[DIGITAL_SIGNATURE, KEY_ENCIPHERMENT]);
            vec![bits, eku(&[role.purpose()]), basic(false, None), aki(above)]
        });
    };
    "shape-vault", BOTH, |c| {
        c.rsa();
        let root = c.root();
        let id = root.key.id();
        root.put(aki(&id));
        leaf(c, true, |own, above| {
            let bits = [DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, KEY_AGREEMENT];
            vec![key_usage(&bits), eku(&[SERVER_AUTH, CLIENT_AUTH]), ski(own), aki(above)]
        });
    };
    "shape-active-directory", BOTH, |c| {
        root(c, |id| {
            let bits = [DIGITAL_SIGNATURE, CERT_SIGN, CRL_SIGN];
            let version = Extension::new("1.3.6.1.4.1.311.21.1", crate::stacks::der::integer(0));
            vec![key_usage(&bits).plain(), basic(true, None), ski(id), version]
        });
        let role = c.role;
        leaf(c, false, |own, above| {
            let bits = key_usage(&[DIGITAL_SIGNATURE, KEY_ENCIPHERMENT]);
            let (purposes, names): (&[&str], _) = match role {
                Role::Server => (&[SERVER_AUTH], san(&[dns(HOST)])),
                Role::Client => (&[CLIENT_AUTH, EMAIL], san(&[Name::Principal("ops@corp.example")])),
            };
            vec![eku(purposes), bits, ski(own), names, aki(above), points(), access()]
        });
    };
    "shape-cert-manager", BOTH, |c| {
        c.straight();
        c.leaf.subject = name(&[]);
        leaf(c, false, |_, above| {
            let bits = key_usage(&[DIGITAL_SIGNATURE, KEY_ENCIPHERMENT]);
            vec![bits, basic(false, None), aki(above), san(&[dns(HOST)]).critical()]
        });
    };
    "shape-spire", BOTH, |c| {
        c.straight();
        leaf(c, false, |own, above| {
            let bits = key_usage(&[DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, KEY_AGREEMENT]);
            let names = san(&[Name::Uri("spiffe://stack-cases.example/hook"), dns(HOST)]);
            let both = eku(&[SERVER_AUTH, CLIENT_AUTH]);
            vec![bits, both, basic(false, None), ski(own), aki(above), names]
        });
    };
    "shape-keytool", BOTH, |c| {
        root(c, |id| vec![ski(id), basic(true, None).plain()]);
        leaf(c, true, |own, above| vec![ski(own), aki(above)]);
    };
    "shape-keytool-no-authority", BOTH, |c| {
        root(c, |id| vec![ski(id)]);
        leaf(c, true, |own, _| vec![ski(own)]);
    };
    "shape-mongodb-guide", BOTH, |c| {
        old_root(c);
        let of = if c.role == Role::Server { HOST } else { "client" };
        c.leaf.subject = name(&[("OU", "cluster"), ("CN", of)]);
        leaf(c, false, |own, above| vec![ski(own), aki(above), basic(false, None).plain()]);
    };
    "shape-freeipa", BOTH, |c| {
        root(c, |id| {
            let bits = [DIGITAL_SIGNATURE, 1, CERT_SIGN, CRL_SIGN];
            vec![aki(id), basic(true, None), key_usage(&bits), ski(id), access()]
        });
        leaf(c, true, |own, above| {
            let bits = [DIGITAL_SIGNATURE, 1, KEY_ENCIPHERMENT, DATA_ENCIPHERMENT];
            let both = eku(&[SERVER_AUTH, CLIENT_AUTH]);
            vec![aki(above), access(), key_usage(&bits), both, points(), ski(own)]
        });
    };
    "shape-public-client-authority", BOTH, |c| {
        c.issuing().put(eku(&[CLIENT_AUTH]));
        c.leaf.put(eku(&[CLIENT_AUTH]));
    };
    "shape-public-server-authority", BOTH, |c| {
        c.issuing().put(eku(&[SERVER_AUTH]));
        c.leaf.put(eku(&[SERVER_AUTH]));
    };
    "shape-device", CLIENT, |c| {
        c.rsa().straight().bare();
        c.leaf.without(SAN).without(EKU).put(key_usage(&[DIGITAL_SIGNATURE]));
        c.leaf.put(basic(false, None));
    };
    "shape-leaf-without-ids", BOTH, |c| c.leaf.without(SKI).without(AKI).without(BASIC);
}
