//! Ports that cannot be had.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::Path,
};

use crate::{cli::run_in, support};

#[test]
fn a_port_in_use_is_named_with_the_way_to_its_owner() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for words in [
        ["listen", "--listen", &port],
        ["listen", "-accept", &format!("127.0.0.1:{port}")],
    ] {
        let finished = run_in(Path::new("."), &words);
        assert_eq!(finished.code, Some(2), "{finished:?}");
        // The notices about the throwaway certificate belong to a listener that runs.
        insta::assert_snapshot!("port_in_use", finished.stderr.replace(&port, "PORT"));
    }
}

/// The same program without the rights of root, copied to where anyone may run it.
#[test]
fn a_port_below_1024_without_rights_says_what_to_do() {
    let allowed =
        fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").unwrap_or_default();
    if allowed.trim().parse().is_ok_and(|first: u16| first <= 443) {
        support::skipped("this machine lets anyone listen on port 443");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("mtls");
    fs::copy(env!("CARGO_BIN_EXE_mtls"), &program).unwrap();
    #[cfg(unix)]
    for path in [folder.path(), &program] {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let root = support::run(support::clean("id").arg("-u"), 10)
        .stdout
        .trim()
        == "0";
    let mut command = if root {
        let Some(mut command) = support::peer("setpriv") else {
            return;
        };
        command.args([
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--inh-caps=-all",
            "--bounding-set=-all",
        ]);
        command.arg(&program);
        command
    } else {
        support::clean(&program)
    };
    let finished = support::run(
        command.current_dir("/").args(["listen", "-accept", "443"]),
        20,
    );
    assert_eq!(finished.code, Some(2), "{finished:?}");
    insta::assert_snapshot!("port_without_rights", finished.stderr);
}
