
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
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'The whole story in one process: a throwaway PKI, a listener, three clients')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Judge certificate, key and client-CA file before they are deployed')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'A TLS server that asks for a client certificate, shows what comes, and answers it')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'What an endpoint or a file presents, what it asks of clients, and what is wrong with it')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Call a webhook as the sender would, with client certificates good and bad on purpose')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'What an error of any stack means, whose move it is, what to run next')
            [CompletionResult]::new('pki', 'pki', [CompletionResultType]::ParameterValue, 'Write a throwaway PKI: certificates good and bad on purpose, for rehearsals')
            [CompletionResult]::new('profiles', 'profiles', [CompletionResultType]::ParameterValue, 'What is known of each sender, with sources and dates, and what is not')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Read, check and make bearer tokens')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Print completions, manual pages, the rules, the schema of profiles')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;demo' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show all that the listener saw of each call')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show all that the listener saw of each call')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;lint' {
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'The chain that will be presented, leaf first')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The private key of its leaf')
            [CompletionResult]::new('--client-ca', '--client-ca', [CompletionResultType]::ParameterName, 'The CA certificates that client certificates are judged by')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Anchors that the chain is judged against; any certificate in it is one')
            [CompletionResult]::new('--untrusted', '--untrusted', [CompletionResultType]::ParameterName, 'Further certificates that may help to build a path')
            [CompletionResult]::new('--crlfile', '--crlfile', [CompletionResultType]::ParameterName, 'Revocation lists, PEM or DER; the leaf has to be covered by one')
            [CompletionResult]::new('--pass', '--pass', [CompletionResultType]::ParameterName, 'The password of PKCS#12 files, which are opened then: pass:WORD, env:VARIABLE, file:PATH or stdin, as openssl takes it')
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'Decide by what this program does: nginx, apache, haproxy, envoy, node, curl, go, java, rustls, python@3.13, openssl@3.0, …; may be repeated. Without it the mainstream ones decide together')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)')
            [CompletionResult]::new('--warn-days', '--warn-days', [CompletionResultType]::ParameterName, 'Warn when fewer days are left; without it 20, or a third of a shorter lifetime')
            [CompletionResult]::new('--fail-days', '--fail-days', [CompletionResultType]::ParameterName, 'Fail when fewer days are left; without it 3, or a third of a shorter lifetime')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Whose chain it is; without it --cert is a server''s, and a PATH is what its leaf''s extended key usage says')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name the chain has to be valid for; may be repeated')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The sender that has to be accepted: a name, or a profile file of your own')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'The server of a configuration that is the webhook, by a name of it; the others are passed over')
            [CompletionResult]::new('--max-depth', '--max-depth', [CompletionResultType]::ParameterName, 'At most N certificates between leaf and anchor')
            [CompletionResult]::new('--select', '--select', [CompletionResultType]::ParameterName, 'Ask only these rules: codes, their beginnings (MT2), or names; commas or repeated')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Do not ask these rules; the longer code wins over --select')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Findings that this file has are nothing new: SARIF or GitLab''s JSON of an earlier run (--output sarif=FILE)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the findings')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Where to write it, or another format too: sarif=out.sarif; may be repeated')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Where to write it, or another format too: sarif=out.sarif; may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Lowest severity that makes the exit status 1')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Files judged at once; the number of cores by default')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Where --fix writes; must not exist')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-default-roots', '--no-default-roots', [CompletionResultType]::ParameterName, 'Do not judge by the public roots where no --cacert is given')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Decide by RFC 5280 and the web PKI''s rules, whatever verifiers do')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Findings never change the exit status')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Write the chain of --cert in order, without duplicates, strangers and root')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;listen' {
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'Address to listen on; a port alone means this machine only, *:PORT every address')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Address to listen on; a port alone means this machine only, *:PORT every address')
            [CompletionResult]::new('--client-auth', '--client-auth', [CompletionResultType]::ParameterName, 'Whether to ask clients for a certificate')
            [CompletionResult]::new('--verify-depth', '--verify-depth', [CompletionResultType]::ParameterName, 'Refuse when an error lies deeper than N in the chain, as openssl''s -verify N does')
            [CompletionResult]::new('--max-depth', '--max-depth', [CompletionResultType]::ParameterName, 'At most N intermediates, as openssl''s -verify_depth')
            [CompletionResult]::new('--tls-max', '--tls-max', [CompletionResultType]::ParameterName, 'Highest TLS version to speak')
            [CompletionResult]::new('-E', '-E ', [CompletionResultType]::ParameterName, 'Server certificate and its chain, PEM; sent whole, in its order')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Server certificate and its chain, PEM; sent whole, in its order')
            [CompletionResult]::new('--cert-chain', '--cert-chain', [CompletionResultType]::ParameterName, 'More certificates to send after those of --cert, PEM')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key of the first certificate, PEM; may be in the file of --cert')
            [CompletionResult]::new('--client-ca', '--client-ca', [CompletionResultType]::ParameterName, 'CA certificates that clients are judged by, PEM; their names are sent to clients')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Also judge clients by this sender''s anchors: a name, or a profile file of your own; may be repeated')
            [CompletionResult]::new('--sender', '--sender', [CompletionResultType]::ParameterName, 'Know this sender''s certificates when they come, without trusting its anchors: a name or a profile file; may be repeated')
            [CompletionResult]::new('--respond', '--respond', [CompletionResultType]::ParameterName, 'Answer with this file''s content instead of a fitting webhook answer')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Answer with this HTTP status')
            [CompletionResult]::new('--delay', '--delay', [CompletionResultType]::ParameterName, 'Wait this long before answering (500ms, 5s)')
            [CompletionResult]::new('--jwks', '--jwks', [CompletionResultType]::ParameterName, 'The keys that may have signed the token: a JSON Web Key Set, a file or an https URL')
            [CompletionResult]::new('--audience', '--audience', [CompletionResultType]::ParameterName, 'What its aud has to be; may be repeated')
            [CompletionResult]::new('--project-number', '--project-number', [CompletionResultType]::ParameterName, 'The number of the project whose service agent has to have sent it')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'What its iss has to be, in place of the sender profile''s; may be repeated')
            [CompletionResult]::new('--skew', '--skew', [CompletionResultType]::ParameterName, 'How far clocks may differ')
            [CompletionResult]::new('--expect-parameter', '--expect-parameter', [CompletionResultType]::ParameterName, 'A session parameter that every request has to carry; may be repeated')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print what came')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Where to write it, or another format too: html=report.html; may be repeated')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Where to write it, or another format too: html=report.html; may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--openssl-labels', '--openssl-labels', [CompletionResultType]::ParameterName, 'Whose labels --format openssl uses')
            [CompletionResult]::new('--keylog', '--keylog', [CompletionResultType]::ParameterName, 'Write the connections'' TLS secrets to this file, for Wireshark')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Lowest severity that makes the exit status 1')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Stop after N connections')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop after this time')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'What the run must see: mtls, no-mtls, token, profile:NAME; exit 1 otherwise')
            [CompletionResult]::new('--handshake-timeout', '--handshake-timeout', [CompletionResultType]::ParameterName, 'Longest time a handshake may take')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Longest time a whole request may take')
            [CompletionResult]::new('--max-header', '--max-header', [CompletionResultType]::ParameterName, 'Largest request header section, in bytes')
            [CompletionResult]::new('--max-body', '--max-body', [CompletionResultType]::ParameterName, 'Largest request body, in bytes, packed or unpacked')
            [CompletionResult]::new('--max-kept', '--max-kept', [CompletionResultType]::ParameterName, 'Request bodies kept in all of the run, in bytes, a connection''s at most a quarter; beyond it only length and SHA-256')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Most connections open at once; beyond it the longest silent one gives way')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--enforce', '--enforce', [CompletionResultType]::ParameterName, 'Refuse a client certificate that does not verify, instead of only showing it')
            [CompletionResult]::new('--partial-chain', '--partial-chain', [CompletionResultType]::ParameterName, 'Let an anchor that is not self-signed end a path')
            [CompletionResult]::new('--tlsv1.3', '--tlsv1.3', [CompletionResultType]::ParameterName, 'TLS 1.3 only')
            [CompletionResult]::new('--no-default-roots', '--no-default-roots', [CompletionResultType]::ParameterName, 'Do not fall back to the system''s trust store')
            [CompletionResult]::new('--verify-token', '--verify-token', [CompletionResultType]::ParameterName, 'Check the bearer token of every request; needs --jwks')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print one line a connection: its verdict, the reason, the certificate')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print one line a connection: its verdict, the reason, the certificate')
            [CompletionResult]::new('--short', '--short', [CompletionResultType]::ParameterName, 'Print one line a connection: its verdict, the reason, the certificate')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Do not redact credentials (says so loudly)')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Findings never change the exit status')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;inspect' {
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'Decide by what this program does: nginx, apache, haproxy, envoy, node, curl, go, java, rustls, python@3.13, openssl@3.0, …; may be repeated. Without it the mainstream ones decide together')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Anchors that chains are judged by, in place of the public roots')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The sender whose certificate has to be accepted: a name, or a profile file of your own; dialogflow by default, and then silent about servers that are not meant for it')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Lowest severity that makes the exit status 1')
            [CompletionResult]::new('-E', '-E ', [CompletionResultType]::ParameterName, 'A client certificate and its chain, PEM, for a second handshake')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'A client certificate and its chain, PEM, for a second handshake')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Its private key, PEM; may be in the file of --cert')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'A client certificate made on the spot for a second handshake: valid, or a fault such as expired')
            [CompletionResult]::new('--pki', '--pki', [CompletionResultType]::ParameterName, 'A folder that `mtls pki` wrote, to take --client from')
            [CompletionResult]::new('--sni', '--sni', [CompletionResultType]::ParameterName, 'Ask for this name, and check it, in place of the target''s')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Use this address for HOST:PORT; may be repeated')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to HOST2:PORT2 in place of HOST1:PORT1; may be repeated')
            [CompletionResult]::new('--tls-max', '--tls-max', [CompletionResultType]::ParameterName, 'Highest TLS version to speak')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Longest time for name lookup, TCP and TLS')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time for name lookup, TCP and TLS')
            [CompletionResult]::new('--answer-timeout', '--answer-timeout', [CompletionResultType]::ParameterName, 'Longest wait for the answer to a GET; without an answer the handshake says enough')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Longest time for one connection in all')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'Longest time for one connection in all')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'A host to inspect, as monitoring plugins are told it')
            [CompletionResult]::new('--hostname', '--hostname', [CompletionResultType]::ParameterName, 'A host to inspect, as monitoring plugins are told it')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Its port')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Its port')
            [CompletionResult]::new('--targets', '--targets', [CompletionResultType]::ParameterName, 'A list of endpoints, a line each: host[:port], or JSON with `target` and settings of its own; - for standard input')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Endpoints looked at at once')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Endpoints looked at at once')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'At most N endpoints begun a second')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Only the m-th of n parts of the list; auto takes m from JOB_COMPLETION_INDEX or CI_NODE_INDEX')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Leave out endpoints whose result stands in FILE, JSON Lines of an earlier run')
            [CompletionResult]::new('--select', '--select', [CompletionResultType]::ParameterName, 'Ask only these rules: codes, their beginnings (MT2), or names; commas or repeated')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Do not ask these rules; the longer code wins over --select')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Findings that this file has are nothing new: SARIF or GitLab''s JSON of an earlier run (--output sarif=FILE)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print what was found')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Where to write it, or another format too; {shard} in a name is the number of the part. May be repeated')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Where to write it, or another format too; {shard} in a name is the number of the part. May be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--pass', '--pass', [CompletionResultType]::ParameterName, 'The password of a PKCS#12 file: pass:WORD, env:VARIABLE, file:PATH or stdin, as openssl takes it')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Warn when fewer days are left; without it 20, or a third of a shorter lifetime')
            [CompletionResult]::new('--warn-days', '--warn-days', [CompletionResultType]::ParameterName, 'Warn when fewer days are left; without it 20, or a third of a shorter lifetime')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Fail when fewer days are left; without it 3, or a third of a shorter lifetime')
            [CompletionResult]::new('--fail-days', '--fail-days', [CompletionResultType]::ParameterName, 'Fail when fewer days are left; without it 3, or a third of a shorter lifetime')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-default-roots', '--no-default-roots', [CompletionResultType]::ParameterName, 'Do not judge by the public roots where no --cacert is given')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Decide by RFC 5280 and the web PKI''s rules, whatever verifiers do')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Findings never change the exit status')
            [CompletionResult]::new('--tlsv1.2', '--tlsv1.2', [CompletionResultType]::ParameterName, 'TLS 1.2 or later (always so)')
            [CompletionResult]::new('--tlsv1.3', '--tlsv1.3', [CompletionResultType]::ParameterName, 'TLS 1.3 only')
            [CompletionResult]::new('--http1.1', '--http1.1', [CompletionResultType]::ParameterName, 'Offer HTTP/1.1 only')
            [CompletionResult]::new('--no-alpn', '--no-alpn', [CompletionResultType]::ParameterName, 'Offer no application protocol')
            [CompletionResult]::new('--thorough', '--thorough', [CompletionResultType]::ParameterName, 'Of a fleet too: every trust store, and a second handshake to see whether sessions are resumed')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Do not redact credentials (says so loudly)')
            [CompletionResult]::new('--short', '--short', [CompletionResultType]::ParameterName, 'Two lines a certificate')
            [CompletionResult]::new('--pem', '--pem', [CompletionResultType]::ParameterName, 'The certificates as PEM too')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;simulate' {
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Lowest severity that makes the exit status 1')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)')
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'The program that judges client certificates at the webhook: nginx, apache, haproxy, envoy, node, go, java, rustls, python@3.13, …; where verifiers differ, a client is expected to fare as it does there')
            [CompletionResult]::new('--repeat', '--repeat', [CompletionResultType]::ParameterName, 'Call N times')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Calls under way at once')
            [CompletionResult]::new('--scenario', '--scenario', [CompletionResultType]::ParameterName, 'Calls and expectations from a file, TOML')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Whose request: es, es-beta, cx, cx-flexible')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The sender''s profile, a name or a file of your own; the one of the request''s kind by default')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'What the user said')
            [CompletionResult]::new('--event-name', '--event-name', [CompletionResultType]::ParameterName, 'An event in place of what the user said')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Put a value into the body: /json/pointer=VALUE; may be repeated')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'A file with the body to begin with, - for standard input')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'The session: an id, or its whole name')
            [CompletionResult]::new('--language', '--language', [CompletionResultType]::ParameterName, 'The language')
            [CompletionResult]::new('--tag', '--tag', [CompletionResultType]::ParameterName, 'The fulfilment''s tag (CX)')
            [CompletionResult]::new('-X', '-X ', [CompletionResultType]::ParameterName, 'The method (cx-flexible)')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'The method (cx-flexible)')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'A header field, `Name: value`; `Name:` leaves one out; may be repeated')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'A header field, `Name: value`; `Name:` leaves one out; may be repeated')
            [CompletionResult]::new('--bearer', '--bearer', [CompletionResultType]::ParameterName, 'The bearer token: a token, `simulated` (shaped like Dialogflow''s, signed by nobody), `mint` (signed with a new test key) or `none`')
            [CompletionResult]::new('-E', '-E ', [CompletionResultType]::ParameterName, 'Your own client certificate and its chain, PEM')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Your own client certificate and its chain, PEM')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Its private key, PEM; may be in the file of --cert')
            [CompletionResult]::new('--pki', '--pki', [CompletionResultType]::ParameterName, 'A folder that `mtls pki` wrote')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'Which client to be: valid, none, or a fault such as expired')
            [CompletionResult]::new('--sni', '--sni', [CompletionResultType]::ParameterName, 'Ask for this name, and check it, in place of the target''s')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Use this address for HOST:PORT; may be repeated')
            [CompletionResult]::new('--connect-to', '--connect-to', [CompletionResultType]::ParameterName, 'Connect to HOST2:PORT2 in place of HOST1:PORT1; may be repeated')
            [CompletionResult]::new('--tls-max', '--tls-max', [CompletionResultType]::ParameterName, 'Highest TLS version to speak')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Anchors that the webhook''s certificate is judged by, in place of the public roots')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Longest time for name lookup, TCP and TLS')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Longest time for the whole call; longer than --time-limit, so that a slow answer is still seen')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'Longest time for the whole call; longer than --time-limit, so that a slow answer is still seen')
            [CompletionResult]::new('--time-limit', '--time-limit', [CompletionResultType]::ParameterName, 'How long the sender waits; 5s unless the webhook resource says otherwise (CX: up to 30s)')
            [CompletionResult]::new('--select', '--select', [CompletionResultType]::ParameterName, 'Ask only these rules: codes, their beginnings (MT2), or names; commas or repeated')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Do not ask these rules; the longer code wins over --select')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Findings that this file has are nothing new: SARIF or GitLab''s JSON of an earlier run (--output sarif=FILE)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print what came')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Where to write it, or another format too: junit=out.xml; may be repeated')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Where to write it, or another format too: junit=out.xml; may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Print this after each call, with curl''s variables: ''%{http_code} %{time_total}\n''')
            [CompletionResult]::new('--write-out', '--write-out', [CompletionResultType]::ParameterName, 'Print this after each call, with curl''s variables: ''%{http_code} %{time_total}\n''')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Findings never change the exit status')
            [CompletionResult]::new('--matrix', '--matrix', [CompletionResultType]::ParameterName, 'Be every client there is, and tell which ones were wrongly let in')
            [CompletionResult]::new('--readiness', '--readiness', [CompletionResultType]::ParameterName, 'Call as each certificate of the sender would look, and tell whether the webhook will go on accepting it')
            [CompletionResult]::new('--tlsv1.2', '--tlsv1.2', [CompletionResultType]::ParameterName, 'TLS 1.2 or later (always so)')
            [CompletionResult]::new('--tlsv1.3', '--tlsv1.3', [CompletionResultType]::ParameterName, 'TLS 1.3 only')
            [CompletionResult]::new('--no-default-roots', '--no-default-roots', [CompletionResultType]::ParameterName, 'Do not judge by the public roots where no --cacert is given')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Call a webhook whose certificate is not trusted all the same')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Call a webhook whose certificate is not trusted all the same')
            [CompletionResult]::new('--http1.1', '--http1.1', [CompletionResultType]::ParameterName, 'HTTP/1.1, as Dialogflow was seen to use (the default)')
            [CompletionResult]::new('--http2', '--http2', [CompletionResultType]::ParameterName, 'HTTP/2 where the webhook has it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print everything: file lines, whole chains, every reason, headers, timing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict lines only')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Do not redact credentials (says so loudly)')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Nothing but the --write-out')
            [CompletionResult]::new('--silent', '--silent', [CompletionResultType]::ParameterName, 'Nothing but the --write-out')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;explain' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The sender in question, a name or a file of your own')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Judge at this moment in place of now')
            [CompletionResult]::new('--attime', '--attime', [CompletionResultType]::ParameterName, 'Judge at this moment in place of now')
            [CompletionResult]::new('--with', '--with', [CompletionResultType]::ParameterName, 'What mtls has seen of the case: JSON of listen, simulate or lint; may be repeated')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Call this webhook once, without a client certificate, and let what is seen strike causes')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Judge this certificate chain')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Judge this key with it')
            [CompletionResult]::new('--client-ca', '--client-ca', [CompletionResultType]::ParameterName, 'Judge the file of authorities that clients are checked against')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Judge the chain against these anchors; those of --client-ca when it is a client''s')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Whose certificate --cert is; the fault in question decides by default')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Every cause in full: how to tell it, what to do, rules, sources')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Every cause in full: how to tell it, what to do, rules, sources')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every cause in full: how to tell it, what to do, rules, sources')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;pki' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The sender whose chain''s shape is imitated: root, intermediate, leaf')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name or address of the server certificates; may be repeated')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Date the certificates as if it were this moment (RFC 3339, a date, or seconds since 1970)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print what was written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--rsa', '--rsa', [CompletionResultType]::ParameterName, 'RSA keys for the leaves in place of ECDSA ones; takes some seconds')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;profiles' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Everything known about a sender, each fact with its source and day, and what is not known')
            [CompletionResult]::new('pem', 'pem', [CompletionResultType]::ParameterValue, 'The roots to trust, as PEM: those of the certificates a sender goes on presenting')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;profiles;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;profiles;pem' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Those of every certificate, of the ones that end too')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;profiles;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Everything known about a sender, each fact with its source and day, and what is not known')
            [CompletionResult]::new('pem', 'pem', [CompletionResultType]::ParameterValue, 'The roots to trust, as PEM: those of the certificates a sender goes on presenting')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;profiles;help;show' {
            break
        }
        'mtls;profiles;help;pem' {
            break
        }
        'mtls;profiles;help;help' {
            break
        }
        'mtls;token' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check a token: signature, issuer, audience, time, project')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show what a token says, without checking anything')
            [CompletionResult]::new('mint', 'mint', [CompletionResultType]::ParameterValue, 'Make a test token, signed with a test key')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;token;verify' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The sender whose tokens they have to be; without it and --project-number a token is nobody''s. Issuer and form are dialogflow''s')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Anchors for the host of a --jwks URL, in place of the public roots')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--jwks', '--jwks', [CompletionResultType]::ParameterName, 'The keys that may have signed the token: a JSON Web Key Set, a file or an https URL')
            [CompletionResult]::new('--audience', '--audience', [CompletionResultType]::ParameterName, 'What its aud has to be; may be repeated')
            [CompletionResult]::new('--project-number', '--project-number', [CompletionResultType]::ParameterName, 'The number of the project whose service agent has to have sent it')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'What its iss has to be, in place of the sender profile''s; may be repeated')
            [CompletionResult]::new('--skew', '--skew', [CompletionResultType]::ParameterName, 'How far clocks may differ')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;token;decode' {
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Tell times from this moment (RFC 3339, a date, or seconds since 1970)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;token;mint' {
            [CompletionResult]::new('--audience', '--audience', [CompletionResultType]::ParameterName, 'Its aud')
            [CompletionResult]::new('--project-number', '--project-number', [CompletionResultType]::ParameterName, 'The number of the project whose service agent it names')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Its iss, in place of the sender profile''s')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The sender whose token is imitated')
            [CompletionResult]::new('--lifetime', '--lifetime', [CompletionResultType]::ParameterName, 'How long it is valid')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'An RSA key to sign with, PKCS#8 PEM; a new one without it')
            [CompletionResult]::new('--key-out', '--key-out', [CompletionResultType]::ParameterName, 'Write the new key here; must not exist')
            [CompletionResult]::new('--jwks-out', '--jwks-out', [CompletionResultType]::ParameterName, 'Write the key set for the verifier here')
            [CompletionResult]::new('--at-time', '--at-time', [CompletionResultType]::ParameterName, 'Date it as if it were this moment (RFC 3339, a date, or seconds since 1970)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;token;help' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check a token: signature, issuer, audience, time, project')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show what a token says, without checking anything')
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
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'The rule reference, Markdown')
            [CompletionResult]::new('stacks', 'stacks', [CompletionResultType]::ParameterValue, 'The table of verifiers: who refuses a chain for what, Markdown')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Completions for a shell: bash, zsh, fish, powershell, elvish')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'The manual page of the program, or of one command')
            [CompletionResult]::new('schemas', 'schemas', [CompletionResultType]::ParameterValue, 'The JSON Schemas of what `--format json` and `jsonl` print')
            [CompletionResult]::new('profile-schema', 'profile-schema', [CompletionResultType]::ParameterValue, 'The JSON Schema of a sender profile')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;generate;rules' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to this file instead of standard output')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;stacks' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to this file instead of standard output')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;completions' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write those of all shells into this directory, each by the name that its shell looks for')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;man' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write the pages of all commands into this directory')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;schemas' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write them into this directory')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;profile-schema' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to this file instead of standard output')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Look for no such file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mtls;generate;help' {
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'The rule reference, Markdown')
            [CompletionResult]::new('stacks', 'stacks', [CompletionResultType]::ParameterValue, 'The table of verifiers: who refuses a chain for what, Markdown')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Completions for a shell: bash, zsh, fish, powershell, elvish')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'The manual page of the program, or of one command')
            [CompletionResult]::new('schemas', 'schemas', [CompletionResultType]::ParameterValue, 'The JSON Schemas of what `--format json` and `jsonl` print')
            [CompletionResult]::new('profile-schema', 'profile-schema', [CompletionResultType]::ParameterValue, 'The JSON Schema of a sender profile')
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
        'mtls;help' {
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'The whole story in one process: a throwaway PKI, a listener, three clients')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Judge certificate, key and client-CA file before they are deployed')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'A TLS server that asks for a client certificate, shows what comes, and answers it')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'What an endpoint or a file presents, what it asks of clients, and what is wrong with it')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Call a webhook as the sender would, with client certificates good and bad on purpose')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'What an error of any stack means, whose move it is, what to run next')
            [CompletionResult]::new('pki', 'pki', [CompletionResultType]::ParameterValue, 'Write a throwaway PKI: certificates good and bad on purpose, for rehearsals')
            [CompletionResult]::new('profiles', 'profiles', [CompletionResultType]::ParameterValue, 'What is known of each sender, with sources and dates, and what is not')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Read, check and make bearer tokens')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Print completions, manual pages, the rules, the schema of profiles')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mtls;help;demo' {
            break
        }
        'mtls;help;lint' {
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
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Everything known about a sender, each fact with its source and day, and what is not known')
            [CompletionResult]::new('pem', 'pem', [CompletionResultType]::ParameterValue, 'The roots to trust, as PEM: those of the certificates a sender goes on presenting')
            break
        }
        'mtls;help;profiles;show' {
            break
        }
        'mtls;help;profiles;pem' {
            break
        }
        'mtls;help;token' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check a token: signature, issuer, audience, time, project')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show what a token says, without checking anything')
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
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'The rule reference, Markdown')
            [CompletionResult]::new('stacks', 'stacks', [CompletionResultType]::ParameterValue, 'The table of verifiers: who refuses a chain for what, Markdown')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Completions for a shell: bash, zsh, fish, powershell, elvish')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'The manual page of the program, or of one command')
            [CompletionResult]::new('schemas', 'schemas', [CompletionResultType]::ParameterValue, 'The JSON Schemas of what `--format json` and `jsonl` print')
            [CompletionResult]::new('profile-schema', 'profile-schema', [CompletionResultType]::ParameterValue, 'The JSON Schema of a sender profile')
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
        'mtls;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
