# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mtls_global_optspecs
    string join \n config= no-config h/help V/version
end

function __fish_mtls_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_mtls_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_mtls_using_subcommand
    set -l cmd (__fish_mtls_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c mtls -n "__fish_mtls_needs_command" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_needs_command" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_needs_command" -s h -l help -d 'Print help'
complete -c mtls -n "__fish_mtls_needs_command" -s V -l version -d 'Print version'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "demo" -d 'The whole story in one process: a throwaway PKI, a listener, three clients'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "lint" -d 'Judge certificate, key and client-CA file before they are deployed'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "listen" -d 'A TLS server that asks for a client certificate, shows what comes, and answers it'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "inspect" -d 'What an endpoint or a file presents, what it asks of clients, and what is wrong with it'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "simulate" -d 'Call a webhook as the sender would, with client certificates good and bad on purpose'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "explain" -d 'What an error of any stack means, whose move it is, what to run next'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "pki" -d 'Write a throwaway PKI: certificates good and bad on purpose, for rehearsals'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "profiles" -d 'What is known of each sender, with sources and dates, and what is not'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "token" -d 'Read, check and make bearer tokens'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "generate" -d 'Print completions, manual pages, the rules, the schema of profiles'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mtls -n "__fish_mtls_using_subcommand demo" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand demo" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand demo" -s v -l verbose -d 'Show all that the listener saw of each call'
complete -c mtls -n "__fish_mtls_using_subcommand demo" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l cert -d 'The chain that will be presented, leaf first' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l key -d 'The private key of its leaf' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l client-ca -d 'The CA certificates that client certificates are judged by' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l cacert -d 'Anchors that the chain is judged against; any certificate in it is one' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l untrusted -d 'Further certificates that may help to build a path' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l crlfile -d 'Revocation lists, PEM or DER; the leaf has to be covered by one' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l pass -d 'The password of PKCS#12 files, which are opened then: pass:WORD, env:VARIABLE, file:PATH or stdin, as openssl takes it' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l stack -d 'Decide by what this program does: nginx, apache, haproxy, envoy, node, curl, go, java, rustls, python@3.13, openssl@3.0, …; may be repeated. Without it the mainstream ones decide together' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l at-time -d 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l warn-days -d 'Warn when fewer days are left; without it 20, or a third of a shorter lifetime' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l fail-days -d 'Fail when fewer days are left; without it 3, or a third of a shorter lifetime' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l role -d 'Whose chain it is; without it --cert is a server\'s, and a PATH is what its leaf\'s extended key usage says' -r -f -a "server\t'The chain of a webhook\'s own server'
client\t'The chain of a sender'"
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l host -d 'A name the chain has to be valid for; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l profile -d 'The sender that has to be accepted: a name, or a profile file of your own' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l server -d 'The server of a configuration that is the webhook, by a name of it; the others are passed over' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l max-depth -d 'At most N certificates between leaf and anchor' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l select -d 'Ask only these rules: codes, their beginnings (MT2), or names; commas or repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l ignore -d 'Do not ask these rules; the longer code wins over --select' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l baseline -d 'Findings that this file has are nothing new: SARIF or GitLab\'s JSON of an earlier run (--output sarif=FILE)' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l format -d 'How to print the findings' -r -f -a "text\t'For people: the answer, what to fix, a summary'
concise\t'A line a finding: file:line: severity[code] message'
json\t'One JSON document at the end'
jsonl\t'One JSON object a result, a summary last'
sarif\t'SARIF 2.1.0, for code scanning'
junit\t'JUnit\'s XML, for build servers'
github\t'GitHub\'s annotations; the step summary too, where there is one'
gitlab\t'GitLab Code Quality'
markdown\t'Markdown, for tickets and pull requests'
html\t'Self-contained HTML report with drawings, to share or print'"
complete -c mtls -n "__fish_mtls_using_subcommand lint" -s o -l output -d 'Where to write it, or another format too: sarif=out.sarif; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l fail-on -d 'Lowest severity that makes the exit status 1' -r -f -a "error\t''
warning\t''
note\t''
never\t''"
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l jobs -d 'Files judged at once; the number of cores by default' -r
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l out -d 'Where --fix writes; must not exist' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l no-default-roots -d 'Do not judge by the public roots where no --cacert is given'
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l strict -d 'Decide by RFC 5280 and the web PKI\'s rules, whatever verifiers do'
complete -c mtls -n "__fish_mtls_using_subcommand lint" -s v -l verbose -d 'Print everything: file lines, whole chains, every reason, headers, timing'
complete -c mtls -n "__fish_mtls_using_subcommand lint" -s q -l quiet -d 'Print the verdict lines only'
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l exit-zero -d 'Findings never change the exit status'
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l fix -d 'Write the chain of --cert in order, without duplicates, strangers and root'
complete -c mtls -n "__fish_mtls_using_subcommand lint" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand listen" -s l -l listen -d 'Address to listen on; a port alone means this machine only, *:PORT every address' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l client-auth -d 'Whether to ask clients for a certificate' -r -f -a "none\t'Do not ask for a certificate'
request\t'Ask; a client may come without'
require\t'Ask; refuse a client without'"
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l verify-depth -d 'Refuse when an error lies deeper than N in the chain, as openssl\'s -verify N does' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l max-depth -d 'At most N intermediates, as openssl\'s -verify_depth' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l tls-max -d 'Highest TLS version to speak' -r -f -a "1.2\t''
1.3\t''"
complete -c mtls -n "__fish_mtls_using_subcommand listen" -s E -l cert -d 'Server certificate and its chain, PEM; sent whole, in its order' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l cert-chain -d 'More certificates to send after those of --cert, PEM' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l key -d 'Private key of the first certificate, PEM; may be in the file of --cert' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l client-ca -d 'CA certificates that clients are judged by, PEM; their names are sent to clients' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l profile -d 'Also judge clients by this sender\'s anchors: a name, or a profile file of your own; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l sender -d 'Know this sender\'s certificates when they come, without trusting its anchors: a name or a profile file; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l respond -d 'Answer with this file\'s content instead of a fitting webhook answer' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l status -d 'Answer with this HTTP status' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l delay -d 'Wait this long before answering (500ms, 5s)' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l jwks -d 'The keys that may have signed the token: a JSON Web Key Set, a file or an https URL' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l audience -d 'What its aud has to be; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l project-number -d 'The number of the project whose service agent has to have sent it' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l issuer -d 'What its iss has to be, in place of the sender profile\'s; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l skew -d 'How far clocks may differ' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l expect-parameter -d 'A session parameter that every request has to carry; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l format -d 'How to print what came' -r -f -a "text\t'For people: the answer, what to fix, a summary'
concise\t'A line a finding: file:line: severity[code] message'
json\t'One JSON document at the end'
jsonl\t'One JSON object a result, a summary last'
junit\t'JUnit\'s XML, for build servers'
markdown\t'Markdown, for tickets and pull requests'
html\t'Self-contained HTML report with drawings, to share or print'
openssl\t'The lines of `openssl s_server`, on its streams'"
complete -c mtls -n "__fish_mtls_using_subcommand listen" -s o -l output -d 'Where to write it, or another format too: html=report.html; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l openssl-labels -d 'Whose labels --format openssl uses' -r -f -a "3.0\t'OpenSSL 3.0: `Supported groups: x25519`'
1.1.1\t'OpenSSL 1.1.1, as in the Dialogflow page: `Supported Elliptic Groups: X25519`'"
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l keylog -d 'Write the connections\' TLS secrets to this file, for Wireshark' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l fail-on -d 'Lowest severity that makes the exit status 1' -r -f -a "error\t''
warning\t''
note\t''
never\t''"
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l at-time -d 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l count -d 'Stop after N connections' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l timeout -d 'Stop after this time' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l expect -d 'What the run must see: mtls, no-mtls, token, profile:NAME; exit 1 otherwise' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l handshake-timeout -d 'Longest time a handshake may take' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l request-timeout -d 'Longest time a whole request may take' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l max-header -d 'Largest request header section, in bytes' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l max-body -d 'Largest request body, in bytes, packed or unpacked' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l max-kept -d 'Request bodies kept in all of the run, in bytes, a connection\'s at most a quarter; beyond it only length and SHA-256' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l max-connections -d 'Most connections open at once; beyond it the longest silent one gives way' -r
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l enforce -d 'Refuse a client certificate that does not verify, instead of only showing it'
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l partial-chain -d 'Let an anchor that is not self-signed end a path'
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l tlsv1.3 -d 'TLS 1.3 only'
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l no-default-roots -d 'Do not fall back to the system\'s trust store'
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l verify-token -d 'Check the bearer token of every request; needs --jwks'
complete -c mtls -n "__fish_mtls_using_subcommand listen" -s v -l verbose -d 'Print everything: file lines, whole chains, every reason, headers, timing'
complete -c mtls -n "__fish_mtls_using_subcommand listen" -s q -l quiet -l short -d 'Print one line a connection: its verdict, the reason, the certificate'
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l show-secrets -d 'Do not redact credentials (says so loudly)'
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l exit-zero -d 'Findings never change the exit status'
complete -c mtls -n "__fish_mtls_using_subcommand listen" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l stack -d 'Decide by what this program does: nginx, apache, haproxy, envoy, node, curl, go, java, rustls, python@3.13, openssl@3.0, …; may be repeated. Without it the mainstream ones decide together' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l at-time -d 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l cacert -d 'Anchors that chains are judged by, in place of the public roots' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l profile -d 'The sender whose certificate has to be accepted: a name, or a profile file of your own; dialogflow by default, and then silent about servers that are not meant for it' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l fail-on -d 'Lowest severity that makes the exit status 1' -r -f -a "error\t''
warning\t''
note\t''
never\t''"
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s E -l cert -d 'A client certificate and its chain, PEM, for a second handshake' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l key -d 'Its private key, PEM; may be in the file of --cert' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l client -d 'A client certificate made on the spot for a second handshake: valid, or a fault such as expired' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l pki -d 'A folder that `mtls pki` wrote, to take --client from' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l sni -d 'Ask for this name, and check it, in place of the target\'s' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l resolve -d 'Use this address for HOST:PORT; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l connect-to -d 'Connect to HOST2:PORT2 in place of HOST1:PORT1; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l tls-max -d 'Highest TLS version to speak' -r -f -a "1.2\t''
1.3\t''"
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s t -l connect-timeout -d 'Longest time for name lookup, TCP and TLS' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l answer-timeout -d 'Longest wait for the answer to a GET; without an answer the handshake says enough' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s m -l max-time -d 'Longest time for one connection in all' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s H -l hostname -d 'A host to inspect, as monitoring plugins are told it' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s p -l port -d 'Its port' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l targets -d 'A list of endpoints, a line each: host[:port], or JSON with `target` and settings of its own; - for standard input' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s j -l jobs -d 'Endpoints looked at at once' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l rate -d 'At most N endpoints begun a second' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l shard -d 'Only the m-th of n parts of the list; auto takes m from JOB_COMPLETION_INDEX or CI_NODE_INDEX' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l resume -d 'Leave out endpoints whose result stands in FILE, JSON Lines of an earlier run' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l select -d 'Ask only these rules: codes, their beginnings (MT2), or names; commas or repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l ignore -d 'Do not ask these rules; the longer code wins over --select' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l baseline -d 'Findings that this file has are nothing new: SARIF or GitLab\'s JSON of an earlier run (--output sarif=FILE)' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l format -d 'How to print what was found' -r -f -a "text\t'For people: the answer, what to fix, a summary'
concise\t'A line a finding: file:line: severity[code] message'
json\t'One JSON document at the end'
jsonl\t'One JSON object a result, a summary last'
sarif\t'SARIF 2.1.0, for code scanning'
junit\t'JUnit\'s XML, for build servers'
github\t'GitHub\'s annotations; the step summary too, where there is one'
gitlab\t'GitLab Code Quality'
markdown\t'Markdown, for tickets and pull requests'
html\t'Self-contained HTML report with drawings, to share or print'
prometheus\t'Prometheus\' text format, for the textfile collector'
nagios\t'A monitoring plugin\'s line; exit status 0 ok, 1 warning, 2 critical, 3 unknown'"
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s o -l output -d 'Where to write it, or another format too; {shard} in a name is the number of the part. May be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l pass -d 'The password of a PKCS#12 file: pass:WORD, env:VARIABLE, file:PATH or stdin, as openssl takes it' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s w -l warn-days -d 'Warn when fewer days are left; without it 20, or a third of a shorter lifetime' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s c -l fail-days -d 'Fail when fewer days are left; without it 3, or a third of a shorter lifetime' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l no-default-roots -d 'Do not judge by the public roots where no --cacert is given'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l strict -d 'Decide by RFC 5280 and the web PKI\'s rules, whatever verifiers do'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l exit-zero -d 'Findings never change the exit status'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l tlsv1.2 -d 'TLS 1.2 or later (always so)'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l tlsv1.3 -d 'TLS 1.3 only'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l http1.1 -d 'Offer HTTP/1.1 only'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l no-alpn -d 'Offer no application protocol'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l thorough -d 'Of a fleet too: every trust store, and a second handshake to see whether sessions are resumed'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s v -l verbose -d 'Print everything: file lines, whole chains, every reason, headers, timing'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s q -l quiet -d 'Print the verdict lines only'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l show-secrets -d 'Do not redact credentials (says so loudly)'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l short -d 'Two lines a certificate'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l pem -d 'The certificates as PEM too'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l fail-on -d 'Lowest severity that makes the exit status 1' -r -f -a "error\t''
warning\t''
note\t''
never\t''"
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l at-time -d 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l stack -d 'The program that judges client certificates at the webhook: nginx, apache, haproxy, envoy, node, go, java, rustls, python@3.13, …; where verifiers differ, a client is expected to fare as it does there' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l repeat -d 'Call N times' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l jobs -d 'Calls under way at once' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l scenario -d 'Calls and expectations from a file, TOML' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l event -d 'Whose request: es, es-beta, cx, cx-flexible' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l profile -d 'The sender\'s profile, a name or a file of your own; the one of the request\'s kind by default' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l text -d 'What the user said' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l event-name -d 'An event in place of what the user said' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l set -d 'Put a value into the body: /json/pointer=VALUE; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l body -d 'A file with the body to begin with, - for standard input' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l session -d 'The session: an id, or its whole name' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l language -d 'The language' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l tag -d 'The fulfilment\'s tag (CX)' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -s X -l request -d 'The method (cx-flexible)' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -s H -l header -d 'A header field, `Name: value`; `Name:` leaves one out; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l bearer -d 'The bearer token: a token, `simulated` (shaped like Dialogflow\'s, signed by nobody), `mint` (signed with a new test key) or `none`' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -s E -l cert -d 'Your own client certificate and its chain, PEM' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l key -d 'Its private key, PEM; may be in the file of --cert' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l pki -d 'A folder that `mtls pki` wrote' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l client -d 'Which client to be: valid, none, or a fault such as expired' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l sni -d 'Ask for this name, and check it, in place of the target\'s' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l resolve -d 'Use this address for HOST:PORT; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l connect-to -d 'Connect to HOST2:PORT2 in place of HOST1:PORT1; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l tls-max -d 'Highest TLS version to speak' -r -f -a "1.2\t''
1.3\t''"
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l cacert -d 'Anchors that the webhook\'s certificate is judged by, in place of the public roots' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l connect-timeout -d 'Longest time for name lookup, TCP and TLS' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -s m -l max-time -d 'Longest time for the whole call; longer than --time-limit, so that a slow answer is still seen' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l time-limit -d 'How long the sender waits; 5s unless the webhook resource says otherwise (CX: up to 30s)' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l select -d 'Ask only these rules: codes, their beginnings (MT2), or names; commas or repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l ignore -d 'Do not ask these rules; the longer code wins over --select' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l baseline -d 'Findings that this file has are nothing new: SARIF or GitLab\'s JSON of an earlier run (--output sarif=FILE)' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l format -d 'How to print what came' -r -f -a "text\t'For people: the answer, what to fix, a summary'
concise\t'A line a finding: file:line: severity[code] message'
json\t'One JSON document at the end'
jsonl\t'One JSON object a result, a summary last'
sarif\t'SARIF 2.1.0, for code scanning'
junit\t'JUnit\'s XML, for build servers'
github\t'GitHub\'s annotations; the step summary too, where there is one'
gitlab\t'GitLab Code Quality'
markdown\t'Markdown, for tickets and pull requests'
html\t'Self-contained HTML report with drawings, to share or print'"
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -s o -l output -d 'Where to write it, or another format too: junit=out.xml; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -s w -l write-out -d 'Print this after each call, with curl\'s variables: \'%{http_code} %{time_total}\\n\'' -r
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l exit-zero -d 'Findings never change the exit status'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l matrix -d 'Be every client there is, and tell which ones were wrongly let in'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l readiness -d 'Call as each certificate of the sender would look, and tell whether the webhook will go on accepting it'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l tlsv1.2 -d 'TLS 1.2 or later (always so)'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l tlsv1.3 -d 'TLS 1.3 only'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l no-default-roots -d 'Do not judge by the public roots where no --cacert is given'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -s k -l insecure -d 'Call a webhook whose certificate is not trusted all the same'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l http1.1 -d 'HTTP/1.1, as Dialogflow was seen to use (the default)'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l http2 -d 'HTTP/2 where the webhook has it'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -s v -l verbose -d 'Print everything: file lines, whole chains, every reason, headers, timing'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -s q -l quiet -d 'Print the verdict lines only'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l show-secrets -d 'Do not redact credentials (says so loudly)'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -s s -l silent -d 'Nothing but the --write-out'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand simulate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l format -d 'How to print' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l profile -d 'The sender in question, a name or a file of your own' -r
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l at-time -l attime -d 'Judge at this moment in place of now' -r
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l with -d 'What mtls has seen of the case: JSON of listen, simulate or lint; may be repeated' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l host -d 'Call this webhook once, without a client certificate, and let what is seen strike causes' -r
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l cert -d 'Judge this certificate chain' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l key -d 'Judge this key with it' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l client-ca -d 'Judge the file of authorities that clients are checked against' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l cacert -d 'Judge the chain against these anchors; those of --client-ca when it is a client\'s' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l role -d 'Whose certificate --cert is; the fault in question decides by default' -r -f -a "client\t''
server\t''"
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand explain" -s v -l verbose -l all -d 'Every cause in full: how to tell it, what to do, rules, sources'
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand pki" -l profile -d 'The sender whose chain\'s shape is imitated: root, intermediate, leaf' -r
complete -c mtls -n "__fish_mtls_using_subcommand pki" -l host -d 'A name or address of the server certificates; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand pki" -l at-time -d 'Date the certificates as if it were this moment (RFC 3339, a date, or seconds since 1970)' -r
complete -c mtls -n "__fish_mtls_using_subcommand pki" -l format -d 'How to print what was written' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c mtls -n "__fish_mtls_using_subcommand pki" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand pki" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand pki" -l rsa -d 'RSA keys for the leaves in place of ECDSA ones; takes some seconds'
complete -c mtls -n "__fish_mtls_using_subcommand pki" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand pki" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and not __fish_seen_subcommand_from show pem help" -l format -d 'How to print' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and not __fish_seen_subcommand_from show pem help" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and not __fish_seen_subcommand_from show pem help" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and not __fish_seen_subcommand_from show pem help" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and not __fish_seen_subcommand_from show pem help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and not __fish_seen_subcommand_from show pem help" -f -a "show" -d 'Everything known about a sender, each fact with its source and day, and what is not known'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and not __fish_seen_subcommand_from show pem help" -f -a "pem" -d 'The roots to trust, as PEM: those of the certificates a sender goes on presenting'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and not __fish_seen_subcommand_from show pem help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from show" -l format -d 'How to print' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from show" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from show" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from pem" -l format -d 'How to print' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from pem" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from pem" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from pem" -l all -d 'Those of every certificate, of the ones that end too'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from pem" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from pem" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "show" -d 'Everything known about a sender, each fact with its source and day, and what is not known'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "pem" -d 'The roots to trust, as PEM: those of the certificates a sender goes on presenting'
complete -c mtls -n "__fish_mtls_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mtls -n "__fish_mtls_using_subcommand token; and not __fish_seen_subcommand_from verify decode mint help" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand token; and not __fish_seen_subcommand_from verify decode mint help" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand token; and not __fish_seen_subcommand_from verify decode mint help" -s h -l help -d 'Print help'
complete -c mtls -n "__fish_mtls_using_subcommand token; and not __fish_seen_subcommand_from verify decode mint help" -f -a "verify" -d 'Check a token: signature, issuer, audience, time, project'
complete -c mtls -n "__fish_mtls_using_subcommand token; and not __fish_seen_subcommand_from verify decode mint help" -f -a "decode" -d 'Show what a token says, without checking anything'
complete -c mtls -n "__fish_mtls_using_subcommand token; and not __fish_seen_subcommand_from verify decode mint help" -f -a "mint" -d 'Make a test token, signed with a test key'
complete -c mtls -n "__fish_mtls_using_subcommand token; and not __fish_seen_subcommand_from verify decode mint help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l profile -d 'The sender whose tokens they have to be; without it and --project-number a token is nobody\'s. Issuer and form are dialogflow\'s' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l cacert -d 'Anchors for the host of a --jwks URL, in place of the public roots' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l at-time -d 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l jwks -d 'The keys that may have signed the token: a JSON Web Key Set, a file or an https URL' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l audience -d 'What its aud has to be; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l project-number -d 'The number of the project whose service agent has to have sent it' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l issuer -d 'What its iss has to be, in place of the sender profile\'s; may be repeated' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l skew -d 'How far clocks may differ' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from decode" -l at-time -d 'Tell times from this moment (RFC 3339, a date, or seconds since 1970)' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from decode" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from decode" -l color -d 'When to use colour' -r -f -a "auto\t'Where the stream is a terminal and the environment does not object'
always\t'Always'
never\t'Never'"
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from decode" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from decode" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from decode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -l audience -d 'Its aud' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -l project-number -d 'The number of the project whose service agent it names' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -l issuer -d 'Its iss, in place of the sender profile\'s' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -l profile -d 'The sender whose token is imitated' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -l lifetime -d 'How long it is valid' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -l key -d 'An RSA key to sign with, PKCS#8 PEM; a new one without it' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -l key-out -d 'Write the new key here; must not exist' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -l jwks-out -d 'Write the key set for the verifier here' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -l at-time -d 'Date it as if it were this moment (RFC 3339, a date, or seconds since 1970)' -r
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from mint" -s h -l help -d 'Print help'
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Check a token: signature, issuer, audience, time, project'
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "decode" -d 'Show what a token says, without checking anything'
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "mint" -d 'Make a test token, signed with a test key'
complete -c mtls -n "__fish_mtls_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and not __fish_seen_subcommand_from rules stacks completions man schemas profile-schema help" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and not __fish_seen_subcommand_from rules stacks completions man schemas profile-schema help" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and not __fish_seen_subcommand_from rules stacks completions man schemas profile-schema help" -s h -l help -d 'Print help'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and not __fish_seen_subcommand_from rules stacks completions man schemas profile-schema help" -f -a "rules" -d 'The rule reference, Markdown'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and not __fish_seen_subcommand_from rules stacks completions man schemas profile-schema help" -f -a "stacks" -d 'The table of verifiers: who refuses a chain for what, Markdown'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and not __fish_seen_subcommand_from rules stacks completions man schemas profile-schema help" -f -a "completions" -d 'Completions for a shell: bash, zsh, fish, powershell, elvish'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and not __fish_seen_subcommand_from rules stacks completions man schemas profile-schema help" -f -a "man" -d 'The manual page of the program, or of one command'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and not __fish_seen_subcommand_from rules stacks completions man schemas profile-schema help" -f -a "schemas" -d 'The JSON Schemas of what `--format json` and `jsonl` print'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and not __fish_seen_subcommand_from rules stacks completions man schemas profile-schema help" -f -a "profile-schema" -d 'The JSON Schema of a sender profile'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and not __fish_seen_subcommand_from rules stacks completions man schemas profile-schema help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from rules" -l out -d 'Write to this file instead of standard output' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from rules" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from rules" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from rules" -s h -l help -d 'Print help'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from stacks" -l out -d 'Write to this file instead of standard output' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from stacks" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from stacks" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from stacks" -s h -l help -d 'Print help'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from completions" -l dir -d 'Write those of all shells into this directory, each by the name that its shell looks for' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from completions" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from completions" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from completions" -s h -l help -d 'Print help'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from man" -l dir -d 'Write the pages of all commands into this directory' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from man" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from man" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from man" -s h -l help -d 'Print help'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from schemas" -l dir -d 'Write them into this directory' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from schemas" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from schemas" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from schemas" -s h -l help -d 'Print help'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from profile-schema" -l out -d 'Write to this file instead of standard output' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from profile-schema" -l config -d 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from profile-schema" -l no-config -d 'Look for no such file'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from profile-schema" -s h -l help -d 'Print help'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from help" -f -a "rules" -d 'The rule reference, Markdown'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from help" -f -a "stacks" -d 'The table of verifiers: who refuses a chain for what, Markdown'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from help" -f -a "completions" -d 'Completions for a shell: bash, zsh, fish, powershell, elvish'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from help" -f -a "man" -d 'The manual page of the program, or of one command'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from help" -f -a "schemas" -d 'The JSON Schemas of what `--format json` and `jsonl` print'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from help" -f -a "profile-schema" -d 'The JSON Schema of a sender profile'
complete -c mtls -n "__fish_mtls_using_subcommand generate; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mtls -n "__fish_mtls_using_subcommand help; and not __fish_seen_subcommand_from demo lint listen inspect simulate explain pki profiles token generate help" -f -a "demo" -d 'The whole story in one process: a throwaway PKI, a listener, three clients'
complete -c mtls -n "__fish_mtls_using_subcommand help; and not __fish_seen_subcommand_from demo lint listen inspect simulate explain pki profiles token generate help" -f -a "lint" -d 'Judge certificate, key and client-CA file before they are deployed'
complete -c mtls -n "__fish_mtls_using_subcommand help; and not __fish_seen_subcommand_from demo lint listen inspect simulate explain pki profiles token generate help" -f -a "listen" -d 'A TLS server that asks for a client certificate, shows what comes, and answers it'
complete -c mtls -n "__fish_mtls_using_subcommand help; and not __fish_seen_subcommand_from demo lint listen inspect simulate explain pki profiles token generate help" -f -a "inspect" -d 'What an endpoint or a file presents, what it asks of clients, and what is wrong with it'
complete -c mtls -n "__fish_mtls_using_subcommand help; and not __fish_seen_subcommand_from demo lint listen inspect simulate explain pki profiles token generate help" -f -a "simulate" -d 'Call a webhook as the sender would, with client certificates good and bad on purpose'
complete -c mtls -n "__fish_mtls_using_subcommand help; and not __fish_seen_subcommand_from demo lint listen inspect simulate explain pki profiles token generate help" -f -a "explain" -d 'What an error of any stack means, whose move it is, what to run next'
complete -c mtls -n "__fish_mtls_using_subcommand help; and not __fish_seen_subcommand_from demo lint listen inspect simulate explain pki profiles token generate help" -f -a "pki" -d 'Write a throwaway PKI: certificates good and bad on purpose, for rehearsals'
complete -c mtls -n "__fish_mtls_using_subcommand help; and not __fish_seen_subcommand_from demo lint listen inspect simulate explain pki profiles token generate help" -f -a "profiles" -d 'What is known of each sender, with sources and dates, and what is not'
complete -c mtls -n "__fish_mtls_using_subcommand help; and not __fish_seen_subcommand_from demo lint listen inspect simulate explain pki profiles token generate help" -f -a "token" -d 'Read, check and make bearer tokens'
complete -c mtls -n "__fish_mtls_using_subcommand help; and not __fish_seen_subcommand_from demo lint listen inspect simulate explain pki profiles token generate help" -f -a "generate" -d 'Print completions, manual pages, the rules, the schema of profiles'
complete -c mtls -n "__fish_mtls_using_subcommand help; and not __fish_seen_subcommand_from demo lint listen inspect simulate explain pki profiles token generate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mtls -n "__fish_mtls_using_subcommand help; and __fish_seen_subcommand_from profiles" -f -a "show" -d 'Everything known about a sender, each fact with its source and day, and what is not known'
complete -c mtls -n "__fish_mtls_using_subcommand help; and __fish_seen_subcommand_from profiles" -f -a "pem" -d 'The roots to trust, as PEM: those of the certificates a sender goes on presenting'
complete -c mtls -n "__fish_mtls_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "verify" -d 'Check a token: signature, issuer, audience, time, project'
complete -c mtls -n "__fish_mtls_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "decode" -d 'Show what a token says, without checking anything'
complete -c mtls -n "__fish_mtls_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "mint" -d 'Make a test token, signed with a test key'
complete -c mtls -n "__fish_mtls_using_subcommand help; and __fish_seen_subcommand_from generate" -f -a "rules" -d 'The rule reference, Markdown'
complete -c mtls -n "__fish_mtls_using_subcommand help; and __fish_seen_subcommand_from generate" -f -a "stacks" -d 'The table of verifiers: who refuses a chain for what, Markdown'
complete -c mtls -n "__fish_mtls_using_subcommand help; and __fish_seen_subcommand_from generate" -f -a "completions" -d 'Completions for a shell: bash, zsh, fish, powershell, elvish'
complete -c mtls -n "__fish_mtls_using_subcommand help; and __fish_seen_subcommand_from generate" -f -a "man" -d 'The manual page of the program, or of one command'
complete -c mtls -n "__fish_mtls_using_subcommand help; and __fish_seen_subcommand_from generate" -f -a "schemas" -d 'The JSON Schemas of what `--format json` and `jsonl` print'
complete -c mtls -n "__fish_mtls_using_subcommand help; and __fish_seen_subcommand_from generate" -f -a "profile-schema" -d 'The JSON Schema of a sender profile'
