
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'mtls' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'mtls'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'mtls' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Show it all in one process: a throwaway PKI, a listener, three clients')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check a certificate, its key and the client-CA file before you deploy them')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare two chains, client-CA files, configurations or endpoints: who loses access')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Run a TLS server that asks for a client certificate, shows what arrives, and answers')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show what an endpoint or a file presents, what it asks of clients, and what is wrong')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Call a webhook as its sender would, with valid and with faulty client certificates')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain an error of any TLS stack: its causes, who has to fix it, what to run next')
            [CompletionResult]::new('pki', 'pki', [CompletionResultType]::ParameterValue, 'Write a throwaway PKI with valid and faulty certificates, for rehearsals')
            [CompletionResult]::new('profiles', 'profiles', [CompletionResultType]::ParameterValue, 'Show what is known about each sender, with sources and dates, and what is unknown')
            [CompletionResult]::new('case', 'case', [CompletionResultType]::ParameterValue, 'Show, redact and export recorded cases (`listen --record`)')
            [CompletionResult]::new('scenario', 'scenario', [CompletionResultType]::ParameterValue, 'Make a file of test calls from recorded cases')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Verify, decode and mint bearer tokens')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Print completions, manual pages, the rule reference and JSON Schemas')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;demo' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show all that the listener saw of each call')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show all that the listener saw of each call')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;lint' {
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate chain to present, PEM, leaf first')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Private key of the leaf, PEM')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key of the leaf, PEM')
            [CompletionResult]::new('--client-ca', '--client-ca', [CompletionResultType]::ParameterName, 'CA certificates that client certificates are verified against; may be repeated')
            [CompletionResult]::new('--would-accept', '--would-accept', [CompletionResultType]::ParameterName, 'Client certificate, with its intermediates, that must be accepted; may be repeated')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust anchors for the chain; any certificate in FILE is one; may be repeated')
            [CompletionResult]::new('--untrusted', '--untrusted', [CompletionResultType]::ParameterName, 'More certificates to build the chain from, as openssl''s -untrusted; may be repeated')
            [CompletionResult]::new('--crlfile', '--crlfile', [CompletionResultType]::ParameterName, 'Certificate revocation lists (CRLs), PEM or DER; one must cover the leaf; may be repeated')
            [CompletionResult]::new('--pass', '--pass', [CompletionResultType]::ParameterName, 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal')
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'Verify chains as this program does: nginx, apache, haproxy, envoy, node, curl, go, java, rustls, python@3.13, openssl@3.0, …; may be repeated [default: as the mainstream ones agree]')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--warn-days', '--warn-days', [CompletionResultType]::ParameterName, 'Warn when a certificate expires in fewer days [default: 20, less for a short-lived one]')
            [CompletionResult]::new('--fail-days', '--fail-days', [CompletionResultType]::ParameterName, 'Fail when a certificate expires in fewer days [default: 3, less for a short-lived one]')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Whose certificate it is [default: server for --cert, by extended key usage for PATH]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host name that the certificate must cover, or a URL with it; separate with commas or repeat')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Sender profile whose client certificate must be accepted: a name, NAME=FILE with the roots that the sender has for download, or a file of your own; may be repeated')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Server of a configuration that is the webhook, by one of its names; the others are skipped')
            [CompletionResult]::new('--max-depth', '--max-depth', [CompletionResultType]::ParameterName, 'Maximum number of intermediates between leaf and trust anchor')
            [CompletionResult]::new('--select', '--select', [CompletionResultType]::ParameterName, 'Run only these rules: names, codes, or code prefixes (MT2); separate with commas or repeat')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Skip these rules; the more specific code wins over --select')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Suppress findings already in this baseline: SARIF or GitLab JSON of an earlier run')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the output to FILE, in another format if one is named (sarif=out.sarif); may be repeated')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the output to FILE, in another format if one is named (sarif=out.sarif); may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Lowest severity that makes the exit status 1')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Files checked in parallel [default: the number of cores]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'File that --fix writes; must not exist')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-default-roots', '--no-default-roots', [CompletionResultType]::ParameterName, 'Trust no public roots, even if --cacert is not given')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Verify chains by RFC 5280 and the web PKI''s rules alone')
            [CompletionResult]::new('--fetch', '--fetch', [CompletionResultType]::ParameterName, 'Fetch missing intermediates, and ask whether certificates are revoked (OCSP, CRL), from the addresses in the certificates; never without this flag')
            [CompletionResult]::new('--fetch-private', '--fetch-private', [CompletionResultType]::ParameterName, 'With --fetch: also from private, loopback and link-local addresses')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 whatever is found')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Write a clean copy: the chain of --cert in order, without duplicates, unrelated certificates and root, with --fetch also the missing intermediates; or the CA certificates of --client-ca, each once')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;diff' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Sender profile to look at; may be repeated [default: every sender whose certificate is known]')
            [CompletionResult]::new('--would-accept', '--would-accept', [CompletionResultType]::ParameterName, 'Client certificate, with its intermediates, to look at; may be repeated')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust anchors for server chains [default: the public roots]')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Server of a configuration that is the webhook, by one of its names; the others are skipped')
            [CompletionResult]::new('--pass', '--pass', [CompletionResultType]::ParameterName, 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;listen' {
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'Address to listen on; PORT alone is localhost only, *:PORT is every address')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Address to listen on; PORT alone is localhost only, *:PORT is every address')
            [CompletionResult]::new('--client-auth', '--client-auth', [CompletionResultType]::ParameterName, 'Whether to ask clients for a certificate')
            [CompletionResult]::new('--verify-depth', '--verify-depth', [CompletionResultType]::ParameterName, 'Reject a chain with an error deeper than DEPTH, as openssl''s -verify DEPTH')
            [CompletionResult]::new('--max-depth', '--max-depth', [CompletionResultType]::ParameterName, 'Maximum number of intermediates, as openssl''s -verify_depth')
            [CompletionResult]::new('--tls-max', '--tls-max', [CompletionResultType]::ParameterName, 'Highest TLS version to use')
            [CompletionResult]::new('-E', '-E ', [CompletionResultType]::ParameterName, 'Server certificate and chain, PEM, sent in the order of the file')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Server certificate and chain, PEM, sent in the order of the file')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'More certificates to send after --cert, PEM')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Private key of --cert, PEM [default: in the file of --cert]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key of --cert, PEM [default: in the file of --cert]')
            [CompletionResult]::new('--pass', '--pass', [CompletionResultType]::ParameterName, 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal')
            [CompletionResult]::new('--client-ca', '--client-ca', [CompletionResultType]::ParameterName, 'CA certificates to verify clients against, PEM; clients are sent their names')
            [CompletionResult]::new('--crlfile', '--crlfile', [CompletionResultType]::ParameterName, 'Certificate revocation lists (CRLs), PEM or DER, for clients; every CA of a client''s chain needs one, as with nginx''s ssl_crl; may be repeated')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Sender profile whose trust anchors clients are verified against too: a name, or a file of your own; may be repeated')
            [CompletionResult]::new('--sender', '--sender', [CompletionResultType]::ParameterName, 'Sender profile to recognize without trusting its anchors: a name, or a file of your own; may be repeated')
            [CompletionResult]::new('--respond', '--respond', [CompletionResultType]::ParameterName, 'Answer with the content of FILE [default: a webhook answer that fits the request]')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Answer with this HTTP status')
            [CompletionResult]::new('--delay', '--delay', [CompletionResultType]::ParameterName, 'Wait before answering: 500ms, 5s')
            [CompletionResult]::new('--forward-to', '--forward-to', [CompletionResultType]::ParameterName, 'Pass every request on to this application and answer with its answer; PORT alone is http://localhost:PORT')
            [CompletionResult]::new('--forward-path', '--forward-path', [CompletionResultType]::ParameterName, 'What the path of a request becomes')
            [CompletionResult]::new('--forward-headers', '--forward-headers', [CompletionResultType]::ParameterName, 'Headers that tell the application of a verified client certificate; any that come from outside are removed')
            [CompletionResult]::new('--forward-timeout', '--forward-timeout', [CompletionResultType]::ParameterName, 'How long the application may take to answer')
            [CompletionResult]::new('--forward-connect-timeout', '--forward-connect-timeout', [CompletionResultType]::ParameterName, 'How long a connection to the application may take')
            [CompletionResult]::new('--forward-resolve', '--forward-resolve', [CompletionResultType]::ParameterName, 'Connect to ADDRESS for HOST:PORT instead of asking DNS; may be repeated')
            [CompletionResult]::new('--forward-cacert', '--forward-cacert', [CompletionResultType]::ParameterName, 'CA certificates to verify the application against, PEM [default: the public roots]')
            [CompletionResult]::new('--forward-sni', '--forward-sni', [CompletionResultType]::ParameterName, 'Send the application this server name (SNI) and check its certificate against it')
            [CompletionResult]::new('--forward-cert', '--forward-cert', [CompletionResultType]::ParameterName, 'Client certificate and chain to present to the application, PEM')
            [CompletionResult]::new('--forward-key', '--forward-key', [CompletionResultType]::ParameterName, 'Private key of --forward-cert, PEM [default: in the file of --forward-cert]')
            [CompletionResult]::new('--jwks', '--jwks', [CompletionResultType]::ParameterName, 'JSON Web Key Set with the keys that may sign tokens: a file or an https URL')
            [CompletionResult]::new('--audience', '--audience', [CompletionResultType]::ParameterName, 'Expected audience (aud); may be repeated')
            [CompletionResult]::new('--project-number', '--project-number', [CompletionResultType]::ParameterName, 'Number of the project whose service agent must have sent the token')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Expected issuer (iss) [default: the sender profile''s]; may be repeated')
            [CompletionResult]::new('--skew', '--skew', [CompletionResultType]::ParameterName, 'Clock skew to allow')
            [CompletionResult]::new('--expect-parameter', '--expect-parameter', [CompletionResultType]::ParameterName, 'Session parameter that every request must have; may be repeated')
            [CompletionResult]::new('--allow-cn', '--allow-cn', [CompletionResultType]::ParameterName, 'Common name that a client''s certificate may have; any other is an error; may be repeated')
            [CompletionResult]::new('--allow-ou', '--allow-ou', [CompletionResultType]::ParameterName, 'Accept clients whose certificate has this organizational unit; may be repeated')
            [CompletionResult]::new('--allow-dns', '--allow-dns', [CompletionResultType]::ParameterName, 'DNS name among the alternative names of its certificate; may be repeated')
            [CompletionResult]::new('--allow-uri', '--allow-uri', [CompletionResultType]::ParameterName, 'URI among its alternative names, such as a SPIFFE ID; * is one segment, ** at the end any number; may be repeated')
            [CompletionResult]::new('--allow-spki', '--allow-spki', [CompletionResultType]::ParameterName, 'SHA-256 of its public key: hexadecimal, or sha256//BASE64 as in curl; may be repeated')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the output to FILE, in another format if one is named (html=report.html); may be repeated')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the output to FILE, in another format if one is named (html=report.html); may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--openssl-labels', '--openssl-labels', [CompletionResultType]::ParameterName, 'OpenSSL version whose labels --format openssl uses')
            [CompletionResult]::new('--keylog', '--keylog', [CompletionResultType]::ParameterName, 'Append TLS secrets to FILE, for Wireshark')
            [CompletionResult]::new('--ui', '--ui', [CompletionResultType]::ParameterName, 'Show each connection on a page in the browser; its address, with the token it needs, is printed once. PORT alone is this machine only; another host is served over TLS')
            [CompletionResult]::new('--ui-keep', '--ui-keep', [CompletionResultType]::ParameterName, 'Connections that the page keeps')
            [CompletionResult]::new('--record', '--record', [CompletionResultType]::ParameterName, 'Write each connection into DIR as a case, to look at and to replay: NAME.case.json')
            [CompletionResult]::new('--record-only', '--record-only', [CompletionResultType]::ParameterName, 'Which connections to record')
            [CompletionResult]::new('--record-max-files', '--record-max-files', [CompletionResultType]::ParameterName, 'Maximum cases in DIR; the oldest is deleted first')
            [CompletionResult]::new('--record-max-bytes', '--record-max-bytes', [CompletionResultType]::ParameterName, 'Maximum bytes of cases in DIR; the oldest is deleted first')
            [CompletionResult]::new('--save-certs', '--save-certs', [CompletionResultType]::ParameterName, 'Write the client''s certificates into DIR, each chain once, as PEM')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Lowest severity that makes the exit status 1')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Stop after this many connections')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop after this time')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'What every connection must show: mtls, no-mtls, token or profile:NAME; exit with 1 otherwise')
            [CompletionResult]::new('--handshake-timeout', '--handshake-timeout', [CompletionResultType]::ParameterName, 'Handshake timeout')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Request timeout')
            [CompletionResult]::new('--max-header', '--max-header', [CompletionResultType]::ParameterName, 'Maximum bytes in a request''s header section')
            [CompletionResult]::new('--max-body', '--max-body', [CompletionResultType]::ParameterName, 'Maximum bytes in a request body, compressed or not')
            [CompletionResult]::new('--max-kept', '--max-kept', [CompletionResultType]::ParameterName, 'Maximum bytes of request bodies to keep in a run, a quarter of it per connection; of any others, length and SHA-256 are kept')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Maximum open connections; one more closes the one that has been idle longest')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--enforce', '--enforce', [CompletionResultType]::ParameterName, 'Reject client certificates that do not verify, instead of only showing them')
            [CompletionResult]::new('--partial-chain', '--partial-chain', [CompletionResultType]::ParameterName, 'Accept a trust anchor that is not self-signed, as openssl''s -partial_chain')
            [CompletionResult]::new('--tlsv1.3', '--tlsv1.3', [CompletionResultType]::ParameterName, 'Use TLS 1.3 only')
            [CompletionResult]::new('--no-default-roots', '--no-default-roots', [CompletionResultType]::ParameterName, 'Without --client-ca and --profile, do not use the system''s trust store')
            [CompletionResult]::new('--forward-unverified', '--forward-unverified', [CompletionResultType]::ParameterName, 'Also send those headers for a certificate that was not verified')
            [CompletionResult]::new('--forward-skip-verify', '--forward-skip-verify', [CompletionResultType]::ParameterName, 'Accept any certificate from the application')
            [CompletionResult]::new('--verify-token', '--verify-token', [CompletionResultType]::ParameterName, 'Verify the bearer token of every request; needs --jwks')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print one line per connection: its verdict, the reason, the certificate')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print one line per connection: its verdict, the reason, the certificate')
            [CompletionResult]::new('--short', '--short', [CompletionResultType]::ParameterName, 'Print one line per connection: its verdict, the reason, the certificate')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print credentials in full instead of redacting them')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 whatever is found')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;inspect' {
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'Verify chains as this program does: nginx, apache, haproxy, envoy, node, curl, go, java, rustls, python@3.13, openssl@3.0, …; may be repeated [default: as the mainstream ones agree]')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust anchors for the chains [default: the public roots]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Sender profile whose client certificate must be accepted: a name, or a file of your own [default: dialogflow, if the server names its CA]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Lowest severity that makes the exit status 1')
            [CompletionResult]::new('-E', '-E ', [CompletionResultType]::ParameterName, 'Client certificate and chain, PEM, to present in a second handshake')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Client certificate and chain, PEM, to present in a second handshake')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key of --cert, PEM [default: in the file of --cert]')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'Throwaway client certificate to present in a second handshake: valid, or a fault such as expired')
            [CompletionResult]::new('--pki', '--pki', [CompletionResultType]::ParameterName, 'Take --client from this directory, written by `mtls pki`')
            [CompletionResult]::new('--sni', '--sni', [CompletionResultType]::ParameterName, 'Send this server name (SNI) and check the certificate against it [default: the target''s host]')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDRESS for HOST:PORT instead of asking DNS; may be repeated')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to HOST2:PORT2 for HOST1:PORT1; may be repeated')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'Connect through this HTTP proxy (CONNECT) [default: https_proxy, but for this machine and the hosts of no_proxy]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this HTTP proxy (CONNECT) [default: https_proxy, but for this machine and the hosts of no_proxy]')
            [CompletionResult]::new('--tls-max', '--tls-max', [CompletionResultType]::ParameterName, 'Highest TLS version to use')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Timeout for DNS lookup, TCP and TLS')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Timeout for DNS lookup, TCP and TLS')
            [CompletionResult]::new('--answer-timeout', '--answer-timeout', [CompletionResultType]::ParameterName, 'Timeout for the answer to a GET; no answer is not a failure')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Timeout for one connection in all')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'Timeout for one connection in all')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Host to inspect, in the flags of monitoring plugins')
            [CompletionResult]::new('--hostname', '--hostname', [CompletionResultType]::ParameterName, 'Host to inspect, in the flags of monitoring plugins')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port of --hostname')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of --hostname')
            [CompletionResult]::new('--targets', '--targets', [CompletionResultType]::ParameterName, 'List of endpoints, one per line: host[:port], or JSON with `target` and its own settings; - is standard input')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Endpoints inspected in parallel')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Endpoints inspected in parallel')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Maximum number of endpoints to start per second')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Inspect only part M of N; auto takes M from JOB_COMPLETION_INDEX or CI_NODE_INDEX')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Skip endpoints that FILE, the JSON Lines of an earlier run, has a result for')
            [CompletionResult]::new('--select', '--select', [CompletionResultType]::ParameterName, 'Run only these rules: names, codes, or code prefixes (MT2); separate with commas or repeat')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Skip these rules; the more specific code wins over --select')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Suppress findings already in this baseline: SARIF or GitLab JSON of an earlier run')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the output to FILE, in another format if one is named (jsonl=out.jsonl); {shard} in the name becomes the shard number; may be repeated')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the output to FILE, in another format if one is named (jsonl=out.jsonl); {shard} in the name becomes the shard number; may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--pass', '--pass', [CompletionResultType]::ParameterName, 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Warn when a certificate expires in fewer days [default: 20, less for a short-lived one]')
            [CompletionResult]::new('--warn-days', '--warn-days', [CompletionResultType]::ParameterName, 'Warn when a certificate expires in fewer days [default: 20, less for a short-lived one]')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Fail when a certificate expires in fewer days [default: 3, less for a short-lived one]')
            [CompletionResult]::new('--fail-days', '--fail-days', [CompletionResultType]::ParameterName, 'Fail when a certificate expires in fewer days [default: 3, less for a short-lived one]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-default-roots', '--no-default-roots', [CompletionResultType]::ParameterName, 'Trust no public roots, even if --cacert is not given')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Verify chains by RFC 5280 and the web PKI''s rules alone')
            [CompletionResult]::new('--fetch', '--fetch', [CompletionResultType]::ParameterName, 'Fetch missing intermediates, and ask whether certificates are revoked (OCSP, CRL), from the addresses in the certificates; never without this flag')
            [CompletionResult]::new('--fetch-private', '--fetch-private', [CompletionResultType]::ParameterName, 'With --fetch: also from private, loopback and link-local addresses')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 whatever is found')
            [CompletionResult]::new('--tlsv1.2', '--tlsv1.2', [CompletionResultType]::ParameterName, 'Use TLS 1.2 or later (always on)')
            [CompletionResult]::new('--tlsv1.3', '--tlsv1.3', [CompletionResultType]::ParameterName, 'Use TLS 1.3 only')
            [CompletionResult]::new('--http1.1', '--http1.1', [CompletionResultType]::ParameterName, 'Offer only HTTP/1.1')
            [CompletionResult]::new('--no-alpn', '--no-alpn', [CompletionResultType]::ParameterName, 'Offer no application protocol')
            [CompletionResult]::new('--thorough', '--thorough', [CompletionResultType]::ParameterName, 'With --targets too: check every trust store, and session resumption by a second handshake')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print credentials in full instead of redacting them')
            [CompletionResult]::new('--short', '--short', [CompletionResultType]::ParameterName, 'Print two lines for each certificate')
            [CompletionResult]::new('--pem', '--pem', [CompletionResultType]::ParameterName, 'Print the certificates as PEM too')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;simulate' {
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Lowest severity that makes the exit status 1')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'Program that verifies client certificates at the webhook: nginx, apache, haproxy, envoy, node, go, java, rustls, python@3.13, …; the results are compared with what it accepts')
            [CompletionResult]::new('--repeat', '--repeat', [CompletionResultType]::ParameterName, 'Call this many times')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Calls in parallel [default: 8 with --matrix, else 1]')
            [CompletionResult]::new('--scenario', '--scenario', [CompletionResultType]::ParameterName, 'Make the calls in FILE (TOML) and check what it expects')
            [CompletionResult]::new('--replay', '--replay', [CompletionResultType]::ParameterName, 'Send the requests of a recorded case again, or of all cases in DIR, and compare the answers; may be repeated')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Webhook to replay to; a path in it replaces the recorded one')
            [CompletionResult]::new('--compare', '--compare', [CompletionResultType]::ParameterName, 'What of the answers to compare: status, headers, body, or none; separate with commas')
            [CompletionResult]::new('--ignore-field', '--ignore-field', [CompletionResultType]::ParameterName, 'Value in a JSON answer that may differ, with all below it; may be repeated')
            [CompletionResult]::new('--fill', '--fill', [CompletionResultType]::ParameterName, 'Value for a placeholder <<NAME>> of the cases: NAME=env:VARIABLE or NAME=file:PATH; may be repeated')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Request format: es, es-beta, cx, cx-flexible')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Sender profile: a name, or a file of your own [default: the one of --event]')
            [CompletionResult]::new('--sender', '--sender', [CompletionResultType]::ParameterName, 'Call as this sender: its request, its TLS version, a stand-in for its certificate, its rule for the answer')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'What the user says')
            [CompletionResult]::new('--event-name', '--event-name', [CompletionResultType]::ParameterName, 'Send an event instead of --text')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Set a value in the body: /json/pointer=VALUE; may be repeated')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'Start from the JSON body in FILE; - is standard input')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'Session ID, or the full name of a session')
            [CompletionResult]::new('--language', '--language', [CompletionResultType]::ParameterName, 'Language of the request')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'Fulfillment tag (CX)')
            [CompletionResult]::new('-X', '-X ', [CompletionResultType]::ParameterName, 'HTTP method (cx-flexible)')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'HTTP method (cx-flexible)')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Header field, `Name: value`; `Name:` removes one; may be repeated')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Header field, `Name: value`; `Name:` removes one; may be repeated')
            [CompletionResult]::new('--bearer', '--bearer', [CompletionResultType]::ParameterName, 'Bearer token: a token, `simulated` (has the sender''s form, not signed), `mint` (signed with a new test key), `none`, or env:NAME for the variable NAME')
            [CompletionResult]::new('-E', '-E ', [CompletionResultType]::ParameterName, 'Your own client certificate and chain, PEM')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Your own client certificate and chain, PEM')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key of --cert, PEM [default: in the file of --cert]')
            [CompletionResult]::new('--pass', '--pass', [CompletionResultType]::ParameterName, 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal')
            [CompletionResult]::new('--pki', '--pki', [CompletionResultType]::ParameterName, 'Take client certificates from this directory, written by `mtls pki`')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'Client certificate to present: valid, none, or a fault such as expired')
            [CompletionResult]::new('--sni', '--sni', [CompletionResultType]::ParameterName, 'Send this server name (SNI) and check the certificate against it [default: the target''s host]')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDRESS for HOST:PORT instead of asking DNS; may be repeated')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to HOST2:PORT2 for HOST1:PORT1; may be repeated')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'Connect through this HTTP proxy (CONNECT) [default: https_proxy, but for this machine and the hosts of no_proxy]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this HTTP proxy (CONNECT) [default: https_proxy, but for this machine and the hosts of no_proxy]')
            [CompletionResult]::new('--tls-max', '--tls-max', [CompletionResultType]::ParameterName, 'Highest TLS version to use')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust anchors for the webhook''s certificate [default: the public roots]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Timeout for DNS lookup, TCP and TLS')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Timeout for the whole call [default: 35s, to see how late an answer is; with --matrix as long as the sender waits]')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'Timeout for the whole call [default: 35s, to see how late an answer is; with --matrix as long as the sender waits]')
            [CompletionResult]::new('--time-limit', '--time-limit', [CompletionResultType]::ParameterName, 'How long the sender waits for an answer [default: 5s; a CX webhook can set up to 30s]')
            [CompletionResult]::new('--select', '--select', [CompletionResultType]::ParameterName, 'Run only these rules: names, codes, or code prefixes (MT2); separate with commas or repeat')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Skip these rules; the more specific code wins over --select')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Suppress findings already in this baseline: SARIF or GitLab JSON of an earlier run')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the output to FILE, in another format if one is named (junit=out.xml); may be repeated')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the output to FILE, in another format if one is named (junit=out.xml); may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Print FORMAT after each call, with curl''s variables: ''%{http_code} %{time_total}\n''')
            [CompletionResult]::new('--write-out', '--write-out', [CompletionResultType]::ParameterName, 'Print FORMAT after each call, with curl''s variables: ''%{http_code} %{time_total}\n''')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 whatever is found')
            [CompletionResult]::new('--matrix', '--matrix', [CompletionResultType]::ParameterName, 'Call once as every client, and report which ones were wrongly accepted')
            [CompletionResult]::new('--readiness', '--readiness', [CompletionResultType]::ParameterName, 'Call with a stand-in for each certificate of the sender, and report which are accepted')
            [CompletionResult]::new('--tlsv1.2', '--tlsv1.2', [CompletionResultType]::ParameterName, 'Use TLS 1.2 or later (always on)')
            [CompletionResult]::new('--tlsv1.3', '--tlsv1.3', [CompletionResultType]::ParameterName, 'Use TLS 1.3 only')
            [CompletionResult]::new('--no-default-roots', '--no-default-roots', [CompletionResultType]::ParameterName, 'Trust no public roots, even if --cacert is not given')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Call even if the webhook''s certificate is not trusted')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Call even if the webhook''s certificate is not trusted')
            [CompletionResult]::new('--http1.1', '--http1.1', [CompletionResultType]::ParameterName, 'Use HTTP/1.1, as Dialogflow does (the default)')
            [CompletionResult]::new('--http2', '--http2', [CompletionResultType]::ParameterName, 'Use HTTP/2 if the webhook offers it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print credentials in full instead of redacting them')
            [CompletionResult]::new('--print-request', '--print-request', [CompletionResultType]::ParameterName, 'Print the request that would be sent, and do not call')
            [CompletionResult]::new('--print-curl', '--print-curl', [CompletionResultType]::ParameterName, 'Print the curl command that makes the call, and do not call')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Print nothing but --write-out')
            [CompletionResult]::new('--silent', '--silent', [CompletionResultType]::ParameterName, 'Print nothing but --write-out')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;explain' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Sender profile the error is about: a name, or a file of your own')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--attime', '--attime', [CompletionResultType]::ParameterName, 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--with', '--with', [CompletionResultType]::ParameterName, 'JSON that listen, simulate or lint printed about the case; may be repeated')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Call this webhook once without a client certificate, and rule out causes by the result')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Check this certificate chain')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Check this private key with --cert')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Check this private key with --cert')
            [CompletionResult]::new('--pass', '--pass', [CompletionResultType]::ParameterName, 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal')
            [CompletionResult]::new('--client-ca', '--client-ca', [CompletionResultType]::ParameterName, 'Check the CA certificates that client certificates are verified against')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust anchors for the chain [default: those of --client-ca for a client''s]')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Whose certificate --cert is [default: what the error suggests]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every cause in full: how to check it, how to fix it, rules, sources')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every cause in full: how to check it, how to fix it, rules, sources')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Print every cause in full: how to check it, how to fix it, rules, sources')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;pki' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Sender profile whose chain is imitated: root, intermediate, leaf')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host name or address for the server certificates; separate with commas or repeat')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Date the certificates as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--rsa', '--rsa', [CompletionResultType]::ParameterName, 'Use RSA keys for the leaves instead of ECDSA; takes some seconds')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;profiles' {
            [CompletionResult]::new('--within', '--within', [CompletionResultType]::ParameterName, 'Show only changes within this time: 90d')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything known about a sender, with sources and dates, and what is unknown')
            [CompletionResult]::new('pem', 'pem', [CompletionResultType]::ParameterValue, 'Print the roots to trust for a sender, as PEM')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check a profile of your own: its fields, its dates, its roots')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;profiles;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;profiles;pem' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Include the roots of certificates that the sender is phasing out')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;profiles;check' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;profiles;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything known about a sender, with sources and dates, and what is unknown')
            [CompletionResult]::new('pem', 'pem', [CompletionResultType]::ParameterValue, 'Print the roots to trust for a sender, as PEM')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check a profile of your own: its fields, its dates, its roots')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;profiles;help;show' {
            break
        }
        'mtls;profiles;help;pem' {
            break
        }
        'mtls;profiles;help;check' {
            break
        }
        'mtls;profiles;help;help' {
            break
        }
        'mtls;case' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a case: who called, what was asked and answered, what was taken out')
            [CompletionResult]::new('redact', 'redact', [CompletionResultType]::ParameterValue, 'Remove credentials from a recorded case before sharing it')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write the requests of cases for another program')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;case;show' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print bodies in full')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print bodies in full')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;case;redact' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to FILE, which must not exist, instead of standard output')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;case;export' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to FILE, which must not exist, instead of standard output')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;case;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a case: who called, what was asked and answered, what was taken out')
            [CompletionResult]::new('redact', 'redact', [CompletionResultType]::ParameterValue, 'Remove credentials from a recorded case before sharing it')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write the requests of cases for another program')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;case;help;show' {
            break
        }
        'mtls;case;help;redact' {
            break
        }
        'mtls;case;help;export' {
            break
        }
        'mtls;case;help;help' {
            break
        }
        'mtls;scenario' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('from', 'from', [CompletionResultType]::ParameterValue, 'Write a file of calls for simulate --scenario from recorded cases')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;scenario;from' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Webhook to call')
            [CompletionResult]::new('--ignore-field', '--ignore-field', [CompletionResultType]::ParameterName, 'Value in a JSON answer that may differ, with all below it; may be repeated')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to FILE, which must not exist, instead of standard output; cases are named from where it is')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;scenario;help' {
            [CompletionResult]::new('from', 'from', [CompletionResultType]::ParameterValue, 'Write a file of calls for simulate --scenario from recorded cases')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;scenario;help;from' {
            break
        }
        'mtls;scenario;help;help' {
            break
        }
        'mtls;token' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify a token: signature, issuer, audience, time, project')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show what a token says, without verifying anything')
            [CompletionResult]::new('mint', 'mint', [CompletionResultType]::ParameterValue, 'Make a test token, signed with a test key')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;token;verify' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Sender profile that the token must fit; issuer and form are dialogflow''s by default')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust anchors for the host of a --jwks URL [default: the public roots]')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--jwks', '--jwks', [CompletionResultType]::ParameterName, 'JSON Web Key Set with the keys that may sign tokens: a file or an https URL')
            [CompletionResult]::new('--audience', '--audience', [CompletionResultType]::ParameterName, 'Expected audience (aud); may be repeated')
            [CompletionResult]::new('--project-number', '--project-number', [CompletionResultType]::ParameterName, 'Number of the project whose service agent must have sent the token')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Expected issuer (iss) [default: the sender profile''s]; may be repeated')
            [CompletionResult]::new('--skew', '--skew', [CompletionResultType]::ParameterName, 'Clock skew to allow')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;token;decode' {
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Show times relative to TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;token;mint' {
            [CompletionResult]::new('--audience', '--audience', [CompletionResultType]::ParameterName, 'Audience (aud)')
            [CompletionResult]::new('--project-number', '--project-number', [CompletionResultType]::ParameterName, 'Number of the project whose service agent the token names')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Issuer (iss) [default: the sender profile''s]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Sender profile whose token is imitated')
            [CompletionResult]::new('--lifetime', '--lifetime', [CompletionResultType]::ParameterName, 'Validity period')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'RSA key to sign with, PKCS#8 PEM [default: a new one]')
            [CompletionResult]::new('--pass', '--pass', [CompletionResultType]::ParameterName, 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal')
            [CompletionResult]::new('--key-out', '--key-out', [CompletionResultType]::ParameterName, 'Write the new key to FILE; must not exist')
            [CompletionResult]::new('--jwks-out', '--jwks-out', [CompletionResultType]::ParameterName, 'Write the key set that a verifier needs to FILE; must not exist')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Date the token as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;token;help' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify a token: signature, issuer, audience, time, project')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show what a token says, without verifying anything')
            [CompletionResult]::new('mint', 'mint', [CompletionResultType]::ParameterValue, 'Make a test token, signed with a test key')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;token;help;verify' {
            break
        }
        'mtls;token;help;decode' {
            break
        }
        'mtls;token;help;mint' {
            break
        }
        'mtls;token;help;help' {
            break
        }
        'mtls;generate' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'Print the rule reference, Markdown')
            [CompletionResult]::new('stacks', 'stacks', [CompletionResultType]::ParameterValue, 'Print the table of verifiers: which one rejects which chain, Markdown')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print completions for a shell: bash, zsh, fish, powershell, elvish')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page of the program, or of a command')
            [CompletionResult]::new('schemas', 'schemas', [CompletionResultType]::ParameterValue, 'Write the JSON Schemas of what `--format json` and `jsonl` print')
            [CompletionResult]::new('profile-schema', 'profile-schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of a sender profile')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;generate;rules' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to FILE instead of standard output')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;stacks' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to FILE instead of standard output')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;completions' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write the completions for every shell into DIR, each under the name its shell expects')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;man' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write the pages of all commands into DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;schemas' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Directory to write them into')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;profile-schema' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to FILE instead of standard output')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;help' {
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'Print the rule reference, Markdown')
            [CompletionResult]::new('stacks', 'stacks', [CompletionResultType]::ParameterValue, 'Print the table of verifiers: which one rejects which chain, Markdown')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print completions for a shell: bash, zsh, fish, powershell, elvish')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page of the program, or of a command')
            [CompletionResult]::new('schemas', 'schemas', [CompletionResultType]::ParameterValue, 'Write the JSON Schemas of what `--format json` and `jsonl` print')
            [CompletionResult]::new('profile-schema', 'profile-schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of a sender profile')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;generate;help;rules' {
            break
        }
        'mtls;generate;help;stacks' {
            break
        }
        'mtls;generate;help;completions' {
            break
        }
        'mtls;generate;help;man' {
            break
        }
        'mtls;generate;help;schemas' {
            break
        }
        'mtls;generate;help;profile-schema' {
            break
        }
        'mtls;generate;help;help' {
            break
        }
        'mtls;version' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore mtls.toml')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;help' {
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Show it all in one process: a throwaway PKI, a listener, three clients')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check a certificate, its key and the client-CA file before you deploy them')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare two chains, client-CA files, configurations or endpoints: who loses access')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Run a TLS server that asks for a client certificate, shows what arrives, and answers')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show what an endpoint or a file presents, what it asks of clients, and what is wrong')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Call a webhook as its sender would, with valid and with faulty client certificates')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain an error of any TLS stack: its causes, who has to fix it, what to run next')
            [CompletionResult]::new('pki', 'pki', [CompletionResultType]::ParameterValue, 'Write a throwaway PKI with valid and faulty certificates, for rehearsals')
            [CompletionResult]::new('profiles', 'profiles', [CompletionResultType]::ParameterValue, 'Show what is known about each sender, with sources and dates, and what is unknown')
            [CompletionResult]::new('case', 'case', [CompletionResultType]::ParameterValue, 'Show, redact and export recorded cases (`listen --record`)')
            [CompletionResult]::new('scenario', 'scenario', [CompletionResultType]::ParameterValue, 'Make a file of test calls from recorded cases')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Verify, decode and mint bearer tokens')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Print completions, manual pages, the rule reference and JSON Schemas')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;help;demo' {
            break
        }
        'mtls;help;lint' {
            break
        }
        'mtls;help;diff' {
            break
        }
        'mtls;help;listen' {
            break
        }
        'mtls;help;inspect' {
            break
        }
        'mtls;help;simulate' {
            break
        }
        'mtls;help;explain' {
            break
        }
        'mtls;help;pki' {
            break
        }
        'mtls;help;profiles' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything known about a sender, with sources and dates, and what is unknown')
            [CompletionResult]::new('pem', 'pem', [CompletionResultType]::ParameterValue, 'Print the roots to trust for a sender, as PEM')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check a profile of your own: its fields, its dates, its roots')
            break
        }
        'mtls;help;profiles;show' {
            break
        }
        'mtls;help;profiles;pem' {
            break
        }
        'mtls;help;profiles;check' {
            break
        }
        'mtls;help;case' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a case: who called, what was asked and answered, what was taken out')
            [CompletionResult]::new('redact', 'redact', [CompletionResultType]::ParameterValue, 'Remove credentials from a recorded case before sharing it')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write the requests of cases for another program')
            break
        }
        'mtls;help;case;show' {
            break
        }
        'mtls;help;case;redact' {
            break
        }
        'mtls;help;case;export' {
            break
        }
        'mtls;help;scenario' {
            [CompletionResult]::new('from', 'from', [CompletionResultType]::ParameterValue, 'Write a file of calls for simulate --scenario from recorded cases')
            break
        }
        'mtls;help;scenario;from' {
            break
        }
        'mtls;help;token' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify a token: signature, issuer, audience, time, project')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show what a token says, without verifying anything')
            [CompletionResult]::new('mint', 'mint', [CompletionResultType]::ParameterValue, 'Make a test token, signed with a test key')
            break
        }
        'mtls;help;token;verify' {
            break
        }
        'mtls;help;token;decode' {
            break
        }
        'mtls;help;token;mint' {
            break
        }
        'mtls;help;generate' {
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'Print the rule reference, Markdown')
            [CompletionResult]::new('stacks', 'stacks', [CompletionResultType]::ParameterValue, 'Print the table of verifiers: which one rejects which chain, Markdown')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print completions for a shell: bash, zsh, fish, powershell, elvish')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page of the program, or of a command')
            [CompletionResult]::new('schemas', 'schemas', [CompletionResultType]::ParameterValue, 'Write the JSON Schemas of what `--format json` and `jsonl` print')
            [CompletionResult]::new('profile-schema', 'profile-schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of a sender profile')
            break
        }
        'mtls;help;generate;rules' {
            break
        }
        'mtls;help;generate;stacks' {
            break
        }
        'mtls;help;generate;completions' {
            break
        }
        'mtls;help;generate;man' {
            break
        }
        'mtls;help;generate;schemas' {
            break
        }
        'mtls;help;generate;profile-schema' {
            break
        }
        'mtls;help;version' {
            break
        }
        'mtls;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
