//! The listening socket: where, the announcement, and when to stop.

use std::{io::Write, net::SocketAddr, time::Duration};

use anyhow::{Context as _, Result, bail};
use tokio::net::TcpListener;

use super::{
    args::{Args, ClientAuthFlag},
    plan::Throwaway,
};
use crate::cli::{door::STDOUT, output, signals::Signals};
use crate::{failure, net::forward::Target};

/// `[HOST:]PORT`: a port alone is this machine, `*` every address.
pub(super) fn address_of(flag: &str, text: &str) -> Result<Vec<SocketAddr>> {
    use std::net::{Ipv4Addr, Ipv6Addr, ToSocketAddrs};
    if let Ok(port) = text.parse::<u16>() {
        return Ok(vec![(Ipv4Addr::LOCALHOST, port).into()]);
    }
    let Some((host, port)) = text.rsplit_once(':') else {
        bail!("{flag} {text}: expected PORT or HOST:PORT, with a port from 0 to 65535");
    };
    let Ok(port) = port.parse::<u16>() else {
        bail!("{flag} {text}: `{port}` is not a port from 0 to 65535");
    };
    if host == "*" || host.is_empty() {
        // An IPv6 wildcard takes IPv4 as well where the system allows it; else plain IPv4.
        return Ok(vec![
            (Ipv6Addr::UNSPECIFIED, port).into(),
            (Ipv4Addr::UNSPECIFIED, port).into(),
        ]);
    }
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<SocketAddr> = (host, port)
        .to_socket_addrs()
        .with_context(|| format!("{flag} {text}"))?
        .collect();
    Ok(addresses)
}

/// The first of these addresses that can be had.
pub(super) async fn bind(addresses: &[SocketAddr], flag: &str, asked: &str) -> Result<TcpListener> {
    let mut last = None;
    for address in addresses {
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some((address, error)),
        }
    }
    let Some((address, error)) = last else {
        bail!("{flag} {asked}: no address");
    };
    match error.kind() {
        std::io::ErrorKind::AddrInUse => bail!(
            "port {} is in use by another program ({address}); choose another with {flag}, or find it: ss -ltnp 'sport = :{}'",
            address.port(),
            address.port()
        ),
        std::io::ErrorKind::PermissionDenied => bail!(
            "permission denied: cannot bind port {} ({address}): ports below 1024 need root; run it with sudo, choose {flag} 4433, or: sudo setcap cap_net_bind_service=+ep $(command -v mtls)",
            address.port()
        ),
        std::io::ErrorKind::AddrNotAvailable => bail!(
            "cannot listen on {address}: this machine does not have that address; choose another with {flag}, or see those it has: ip address"
        ),
        _ => bail!("cannot listen on {address}: {}", failure::io(&error)),
    }
}

/// Says where it listens, first and in the one form that scripts rely on.
pub(super) fn announce(
    socket: &TcpListener,
    args: &Args,
    throwaway: Option<&Throwaway>,
    forward: Option<&Target>,
) -> Result<()> {
    let address = socket.local_addr().context("cannot tell the address")?;
    let mut err = output::stderr();
    writeln!(err, "listening on {address}")?;
    if address.ip().is_unspecified() {
        writeln!(
            err,
            "every address of this machine, as asked: anyone who can reach it can connect"
        )?;
    }
    if let Some(throwaway) = throwaway {
        let ca = throwaway.anchor.display();
        let port = address.port();
        writeln!(
            err,
            "no --cert: a throwaway certificate for localhost; its CA is {ca} while this runs"
        )?;
        writeln!(
            err,
            "try:  curl --cacert {ca} -d '{{\"queryResult\":{{\"queryText\":\"Hi\"}}}}' \\"
        )?;
        writeln!(
            err,
            "        -H 'content-type: application/json' https://localhost:{port}/"
        )?;
        writeln!(
            err,
            "      mtls simulate https://localhost:{port}/ --cacert {ca} --client valid"
        )?;
    }
    if let Some(target) = forward {
        writeln!(
            err,
            "Ready on https://{} -> {} (^C to quit)",
            here(address),
            target.shown().trim_end_matches('/')
        )?;
    }
    if args.client_auth == ClientAuthFlag::None && args.enforce {
        writeln!(
            err,
            "--enforce has nothing to enforce: --client-auth none asks for no certificate"
        )?;
    }
    err.flush()?;
    Ok(())
}

/// The address as a client on this machine writes it.
fn here(address: SocketAddr) -> String {
    match address {
        address if address.ip().is_unspecified() => format!("localhost:{}", address.port()),
        address => address.to_string(),
    }
}

/// Resolves when the run is to end: a signal, the time given, or, where standard output is all
/// there is, the end of its reader.
pub(super) async fn stop(timeout: Option<Duration>, signals: &Signals, only_stdout: bool) {
    let time = async {
        match timeout {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = time => {}
        _ = signals.told() => {}
        () = STDOUT.shut(), if only_stdout => {}
    }
}
