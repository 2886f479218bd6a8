use super::*;

fn names(text: &str) -> Vec<(String, FileRole)> {
    entries(text.as_bytes())
        .unwrap_or_default()
        .into_iter()
        .map(|entry| (entry.name, entry.meant_as))
        .collect()
}

#[test]
fn secrets_in_yaml_and_json_are_the_same() {
    let yaml = "# a comment\napiVersion: v1\nkind: Secret\ndata:\n  tls.crt: QUJD\n  tls.key: QUJD\n  note: QUJD\n";
    let json =
        r#"{"kind": "Secret", "data": {"tls.crt": "QUJD", "tls.key": "QUJD", "note": "QUJD"}}"#;
    let wanted = [
        ("tls.crt".to_owned(), FileRole::Chain),
        ("tls.key".to_owned(), FileRole::Key),
    ];
    assert_eq!(names(yaml), wanted);
    assert_eq!(names(json), wanted);
    let first = entries(yaml.as_bytes()).unwrap().remove(0);
    assert_eq!(first.value, Ok(b"ABC".to_vec()));
}

#[test]
fn several_objects_are_told_apart_by_name() {
    let text = "---\nkind: Secret\nmetadata: {name: a}\nstringData: {ca.crt: x}\n---\nkind: List\nitems:\n- kind: ConfigMap\n  metadata: {name: b}\n  data: {bundle: \"-----BEGIN CERTIFICATE-----\"}\n";
    let wanted = [
        ("a/ca.crt".to_owned(), FileRole::ClientCa),
        ("b/bundle".to_owned(), FileRole::Anything),
    ];
    assert_eq!(names(text), wanted);
}

#[test]
fn of_two_values_of_a_key_string_data_counts() {
    let text = "kind: Secret\ndata: {tls.crt: QUJD, ca.crt: QUJD}\nstringData: {tls.crt: x}\n";
    let found = entries(text.as_bytes()).unwrap();
    let values = found
        .iter()
        .map(|one| (one.name.as_str(), one.value.clone()));
    assert_eq!(
        values.collect::<Vec<_>>(),
        [
            ("ca.crt", Ok(b"ABC".to_vec())),
            ("tls.crt", Ok(b"x".to_vec()))
        ]
    );
}

#[test]
fn an_object_is_found_behind_other_documents_and_anchors() {
    let other =
        "x: 1\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {tls.crt: QUJD}\n";
    assert_eq!(names(other), [("tls.crt".to_owned(), FileRole::Chain)]);
    let merged = "x-base: &b {tls.crt: QUJD, ca.crt: QQ==}\napiVersion: v1\nkind: Secret\ndata:\n  <<: *b\n  ca.crt: QUJD\n";
    let found = entries(merged.as_bytes()).unwrap();
    assert!(found.iter().all(|one| one.value == Ok(b"ABC".to_vec())));
    assert_eq!(found.len(), 2);
}

#[test]
fn a_keystore_alone_is_an_entry() {
    let store = "kind: Secret\ndata: {keystore.p12: MAA=}\n";
    assert_eq!(
        names(store),
        [("keystore.p12".to_owned(), FileRole::Anything)]
    );
    let beside = "kind: Secret\ndata: {keystore.p12: MAA=, tls.crt: QUJD}\n";
    assert_eq!(names(beside), [("tls.crt".to_owned(), FileRole::Chain)]);
}

#[test]
fn a_kubeconfig_has_a_clients_chain_and_a_bundle() {
    let text = "apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster: {certificate-authority-data: QUJD}\nusers:\n- name: u\n  user: {client-certificate-data: QUJD, client-key-data: QUJD}\n";
    let wanted = [
        (
            "users/u/client-certificate-data".to_owned(),
            FileRole::ClientChain,
        ),
        ("users/u/client-key-data".to_owned(), FileRole::Key),
        (
            "clusters/c/certificate-authority-data".to_owned(),
            FileRole::Anything,
        ),
    ];
    assert_eq!(names(text), wanted);
}

#[test]
fn webhooks_have_bundles_wherever_they_are() {
    let text = "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nwebhooks:\n- name: one\n  clientConfig: {caBundle: QUJD}\n- name: two\n  clientConfig: {caBundle: QUJD}\n";
    let wanted = [
        ("one/caBundle".to_owned(), FileRole::Anything),
        ("two/caBundle".to_owned(), FileRole::Anything),
    ];
    assert_eq!(names(text), wanted);
}

#[test]
fn what_a_tls_secret_lacks_is_an_entry_and_so_is_a_configuration() {
    let text = "kind: Secret\ntype: kubernetes.io/tls\ndata: {tls.crt: QUJD}\n";
    let mut found = entries(text.as_bytes()).unwrap();
    let lacks = found.pop().unwrap();
    assert_eq!(
        (lacks.name.as_str(), lacks.meant_as),
        ("tls.key", FileRole::Key)
    );
    assert!(lacks.value.is_err());
    let opaque = "kind: Secret\ntype: Opaque\ndata: {tls.crt: QUJD}\n";
    assert_eq!(entries(opaque.as_bytes()).unwrap().len(), 1);
    let map = "kind: ConfigMap\ndata:\n  nginx.conf: |\n    server {\n      listen 443 ssl;\n      ssl_certificate /a.pem;\n    }\n  note: nothing\n";
    assert_eq!(names(map), [("nginx.conf".to_owned(), FileRole::Config)]);
}

#[test]
fn what_is_nested_without_end_or_is_no_text_is_said_to_be() {
    let deep = format!("kind: List\nitems:\n{}x\n", "- ".repeat(20_000));
    assert!(entries(deep.as_bytes()).is_none());
    let mut odd = entries(b"kind: Secret\ndata: {tls.crt: {a: b}}\n").unwrap();
    assert!(odd.remove(0).value.is_err());
}

#[test]
fn what_cannot_be_decoded_says_why_and_what_is_none_is_none() {
    let problem = |text: &str| {
        entries(text.as_bytes())
            .unwrap()
            .remove(0)
            .value
            .unwrap_err()
    };
    assert!(problem("kind: Secret\ndata: {tls.crt: '{{ .Values.crt }}'}\n").contains("template"));
    assert!(problem("kind: Secret\ndata: {tls.crt: '*'}\n").contains("base64"));
    for text in [
        "",
        "kind",
        "kind: Secret\n",
        "kind: Secret\ndata: [",
        "{\"kind\": 1}",
    ] {
        assert!(entries(text.as_bytes()).is_none(), "{text}");
    }
    let long = format!(
        "kind: Secret\ndata: {{tls.crt: '{}'}}\n",
        "A".repeat(LONGEST_YAML)
    );
    assert!(entries(long.as_bytes()).is_none());
}

proptest::proptest! {
    #[test]
    fn never_panics(text in "(kind: |Secret|Config|data:|users:|- |\n|  |\\{|\\}|&a|\\*a|caBundle: |x){0,40}") {
        entries(text.as_bytes());
    }
}
