
use builtin;
use str;

set edit:completion:arg-completer[mtls] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'mtls'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'mtls'= {
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand demo 'The whole story in one process: a throwaway PKI, a listener, three clients'
            cand lint 'Judge certificate, key and client-CA file before they are deployed'
            cand listen 'A TLS server that asks for a client certificate, shows what comes, and answers it'
            cand inspect 'What an endpoint or a file presents, what it asks of clients, and what is wrong with it'
            cand simulate 'Call a webhook as the sender would, with client certificates good and bad on purpose'
            cand explain 'What an error of any stack means, whose move it is, what to run next'
            cand pki 'Write a throwaway PKI: certificates good and bad on purpose, for rehearsals'
            cand profiles 'What is known of each sender, with sources and dates, and what is not'
            cand token 'Read, check and make bearer tokens'
            cand generate 'Print completions, manual pages, the rules, the schema of profiles'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;demo'= {
            cand --color 'When to use colour'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand -v 'Show all that the listener saw of each call'
            cand --verbose 'Show all that the listener saw of each call'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;lint'= {
            cand --cert 'The chain that will be presented, leaf first'
            cand --key 'The private key of its leaf'
            cand --client-ca 'The CA certificates that client certificates are judged by'
            cand --cacert 'Anchors that the chain is judged against; any certificate in it is one'
            cand --untrusted 'Further certificates that may help to build a path'
            cand --crlfile 'Revocation lists, PEM or DER; the leaf has to be covered by one'
            cand --pass 'The password of PKCS#12 files, which are opened then: pass:WORD, env:VARIABLE, file:PATH or stdin, as openssl takes it'
            cand --stack 'Decide by what this program does: nginx, apache, haproxy, envoy, node, curl, go, java, rustls, python@3.13, openssl@3.0, …; may be repeated. Without it the mainstream ones decide together'
            cand --at-time 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)'
            cand --warn-days 'Warn when fewer days are left; without it 20, or a third of a shorter lifetime'
            cand --fail-days 'Fail when fewer days are left; without it 3, or a third of a shorter lifetime'
            cand --role 'Whose chain it is; without it --cert is a server''s, and a PATH is what its leaf''s extended key usage says'
            cand --host 'A name the chain has to be valid for; may be repeated'
            cand --profile 'The sender that has to be accepted: a name, or a profile file of your own'
            cand --server 'The server of a configuration that is the webhook, by a name of it; the others are passed over'
            cand --max-depth 'At most N certificates between leaf and anchor'
            cand --select 'Ask only these rules: codes, their beginnings (MT2), or names; commas or repeated'
            cand --ignore 'Do not ask these rules; the longer code wins over --select'
            cand --baseline 'Findings that this file has are nothing new: SARIF or GitLab''s JSON of an earlier run (--output sarif=FILE)'
            cand --format 'How to print the findings'
            cand -o 'Where to write it, or another format too: sarif=out.sarif; may be repeated'
            cand --output 'Where to write it, or another format too: sarif=out.sarif; may be repeated'
            cand --color 'When to use colour'
            cand --fail-on 'Lowest severity that makes the exit status 1'
            cand --jobs 'Files judged at once; the number of cores by default'
            cand --out 'Where --fix writes; must not exist'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-default-roots 'Do not judge by the public roots where no --cacert is given'
            cand --strict 'Decide by RFC 5280 and the web PKI''s rules, whatever verifiers do'
            cand -v 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand --verbose 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand -q 'Print the verdict lines only'
            cand --quiet 'Print the verdict lines only'
            cand --exit-zero 'Findings never change the exit status'
            cand --fix 'Write the chain of --cert in order, without duplicates, strangers and root'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;listen'= {
            cand -l 'Address to listen on; a port alone means this machine only, *:PORT every address'
            cand --listen 'Address to listen on; a port alone means this machine only, *:PORT every address'
            cand --client-auth 'Whether to ask clients for a certificate'
            cand --verify-depth 'Refuse when an error lies deeper than N in the chain, as openssl''s -verify N does'
            cand --max-depth 'At most N intermediates, as openssl''s -verify_depth'
            cand --tls-max 'Highest TLS version to speak'
            cand -E 'Server certificate and its chain, PEM; sent whole, in its order'
            cand --cert 'Server certificate and its chain, PEM; sent whole, in its order'
            cand --cert-chain 'More certificates to send after those of --cert, PEM'
            cand --key 'Private key of the first certificate, PEM; may be in the file of --cert'
            cand --client-ca 'CA certificates that clients are judged by, PEM; their names are sent to clients'
            cand --profile 'Also judge clients by this sender''s anchors: a name, or a profile file of your own; may be repeated'
            cand --sender 'Know this sender''s certificates when they come, without trusting its anchors: a name or a profile file; may be repeated'
            cand --respond 'Answer with this file''s content instead of a fitting webhook answer'
            cand --status 'Answer with this HTTP status'
            cand --delay 'Wait this long before answering (500ms, 5s)'
            cand --jwks 'The keys that may have signed the token: a JSON Web Key Set, a file or an https URL'
            cand --audience 'What its aud has to be; may be repeated'
            cand --project-number 'The number of the project whose service agent has to have sent it'
            cand --issuer 'What its iss has to be, in place of the sender profile''s; may be repeated'
            cand --skew 'How far clocks may differ'
            cand --expect-parameter 'A session parameter that every request has to carry; may be repeated'
            cand --format 'How to print what came'
            cand -o 'Where to write it, or another format too: html=report.html; may be repeated'
            cand --output 'Where to write it, or another format too: html=report.html; may be repeated'
            cand --color 'When to use colour'
            cand --openssl-labels 'Whose labels --format openssl uses'
            cand --keylog 'Write the connections'' TLS secrets to this file, for Wireshark'
            cand --fail-on 'Lowest severity that makes the exit status 1'
            cand --at-time 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)'
            cand --count 'Stop after N connections'
            cand --timeout 'Stop after this time'
            cand --expect 'What the run must see: mtls, no-mtls, token, profile:NAME; exit 1 otherwise'
            cand --handshake-timeout 'Longest time a handshake may take'
            cand --request-timeout 'Longest time a whole request may take'
            cand --max-header 'Largest request header section, in bytes'
            cand --max-body 'Largest request body, in bytes, packed or unpacked'
            cand --max-kept 'Request bodies kept in all of the run, in bytes, a connection''s at most a quarter; beyond it only length and SHA-256'
            cand --max-connections 'Most connections open at once; beyond it the longest silent one gives way'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --enforce 'Refuse a client certificate that does not verify, instead of only showing it'
            cand --partial-chain 'Let an anchor that is not self-signed end a path'
            cand --tlsv1.3 'TLS 1.3 only'
            cand --no-default-roots 'Do not fall back to the system''s trust store'
            cand --verify-token 'Check the bearer token of every request; needs --jwks'
            cand -v 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand --verbose 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand -q 'Print one line a connection: its verdict, the reason, the certificate'
            cand --quiet 'Print one line a connection: its verdict, the reason, the certificate'
            cand --short 'Print one line a connection: its verdict, the reason, the certificate'
            cand --show-secrets 'Do not redact credentials (says so loudly)'
            cand --exit-zero 'Findings never change the exit status'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;inspect'= {
            cand --stack 'Decide by what this program does: nginx, apache, haproxy, envoy, node, curl, go, java, rustls, python@3.13, openssl@3.0, …; may be repeated. Without it the mainstream ones decide together'
            cand --at-time 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)'
            cand --cacert 'Anchors that chains are judged by, in place of the public roots'
            cand --profile 'The sender whose certificate has to be accepted: a name, or a profile file of your own; dialogflow by default, and then silent about servers that are not meant for it'
            cand --fail-on 'Lowest severity that makes the exit status 1'
            cand -E 'A client certificate and its chain, PEM, for a second handshake'
            cand --cert 'A client certificate and its chain, PEM, for a second handshake'
            cand --key 'Its private key, PEM; may be in the file of --cert'
            cand --client 'A client certificate made on the spot for a second handshake: valid, or a fault such as expired'
            cand --pki 'A folder that `mtls pki` wrote, to take --client from'
            cand --sni 'Ask for this name, and check it, in place of the target''s'
            cand --resolve 'Use this address for HOST:PORT; may be repeated'
            cand --connect-to 'Connect to HOST2:PORT2 in place of HOST1:PORT1; may be repeated'
            cand --tls-max 'Highest TLS version to speak'
            cand -t 'Longest time for name lookup, TCP and TLS'
            cand --connect-timeout 'Longest time for name lookup, TCP and TLS'
            cand --answer-timeout 'Longest wait for the answer to a GET; without an answer the handshake says enough'
            cand -m 'Longest time for one connection in all'
            cand --max-time 'Longest time for one connection in all'
            cand -H 'A host to inspect, as monitoring plugins are told it'
            cand --hostname 'A host to inspect, as monitoring plugins are told it'
            cand -p 'Its port'
            cand --port 'Its port'
            cand --targets 'A list of endpoints, a line each: host[:port], or JSON with `target` and settings of its own; - for standard input'
            cand -j 'Endpoints looked at at once'
            cand --jobs 'Endpoints looked at at once'
            cand --rate 'At most N endpoints begun a second'
            cand --shard 'Only the m-th of n parts of the list; auto takes m from JOB_COMPLETION_INDEX or CI_NODE_INDEX'
            cand --resume 'Leave out endpoints whose result stands in FILE, JSON Lines of an earlier run'
            cand --select 'Ask only these rules: codes, their beginnings (MT2), or names; commas or repeated'
            cand --ignore 'Do not ask these rules; the longer code wins over --select'
            cand --baseline 'Findings that this file has are nothing new: SARIF or GitLab''s JSON of an earlier run (--output sarif=FILE)'
            cand --format 'How to print what was found'
            cand -o 'Where to write it, or another format too; {shard} in a name is the number of the part. May be repeated'
            cand --output 'Where to write it, or another format too; {shard} in a name is the number of the part. May be repeated'
            cand --color 'When to use colour'
            cand --pass 'The password of a PKCS#12 file: pass:WORD, env:VARIABLE, file:PATH or stdin, as openssl takes it'
            cand -w 'Warn when fewer days are left; without it 20, or a third of a shorter lifetime'
            cand --warn-days 'Warn when fewer days are left; without it 20, or a third of a shorter lifetime'
            cand -c 'Fail when fewer days are left; without it 3, or a third of a shorter lifetime'
            cand --fail-days 'Fail when fewer days are left; without it 3, or a third of a shorter lifetime'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-default-roots 'Do not judge by the public roots where no --cacert is given'
            cand --strict 'Decide by RFC 5280 and the web PKI''s rules, whatever verifiers do'
            cand --exit-zero 'Findings never change the exit status'
            cand --tlsv1.2 'TLS 1.2 or later (always so)'
            cand --tlsv1.3 'TLS 1.3 only'
            cand --http1.1 'Offer HTTP/1.1 only'
            cand --no-alpn 'Offer no application protocol'
            cand --thorough 'Of a fleet too: every trust store, and a second handshake to see whether sessions are resumed'
            cand -v 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand --verbose 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand -q 'Print the verdict lines only'
            cand --quiet 'Print the verdict lines only'
            cand --show-secrets 'Do not redact credentials (says so loudly)'
            cand --short 'Two lines a certificate'
            cand --pem 'The certificates as PEM too'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;simulate'= {
            cand --fail-on 'Lowest severity that makes the exit status 1'
            cand --at-time 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)'
            cand --stack 'The program that judges client certificates at the webhook: nginx, apache, haproxy, envoy, node, go, java, rustls, python@3.13, …; where verifiers differ, a client is expected to fare as it does there'
            cand --repeat 'Call N times'
            cand --jobs 'Calls under way at once'
            cand --scenario 'Calls and expectations from a file, TOML'
            cand --event 'Whose request: es, es-beta, cx, cx-flexible'
            cand --profile 'The sender''s profile, a name or a file of your own; the one of the request''s kind by default'
            cand --text 'What the user said'
            cand --event-name 'An event in place of what the user said'
            cand --set 'Put a value into the body: /json/pointer=VALUE; may be repeated'
            cand --body 'A file with the body to begin with, - for standard input'
            cand --session 'The session: an id, or its whole name'
            cand --language 'The language'
            cand --tag 'The fulfilment''s tag (CX)'
            cand -X 'The method (cx-flexible)'
            cand --request 'The method (cx-flexible)'
            cand -H 'A header field, `Name: value`; `Name:` leaves one out; may be repeated'
            cand --header 'A header field, `Name: value`; `Name:` leaves one out; may be repeated'
            cand --bearer 'The bearer token: a token, `simulated` (shaped like Dialogflow''s, signed by nobody), `mint` (signed with a new test key) or `none`'
            cand -E 'Your own client certificate and its chain, PEM'
            cand --cert 'Your own client certificate and its chain, PEM'
            cand --key 'Its private key, PEM; may be in the file of --cert'
            cand --pki 'A folder that `mtls pki` wrote'
            cand --client 'Which client to be: valid, none, or a fault such as expired'
            cand --sni 'Ask for this name, and check it, in place of the target''s'
            cand --resolve 'Use this address for HOST:PORT; may be repeated'
            cand --connect-to 'Connect to HOST2:PORT2 in place of HOST1:PORT1; may be repeated'
            cand --tls-max 'Highest TLS version to speak'
            cand --cacert 'Anchors that the webhook''s certificate is judged by, in place of the public roots'
            cand --connect-timeout 'Longest time for name lookup, TCP and TLS'
            cand -m 'Longest time for the whole call; longer than --time-limit, so that a slow answer is still seen'
            cand --max-time 'Longest time for the whole call; longer than --time-limit, so that a slow answer is still seen'
            cand --time-limit 'How long the sender waits; 5s unless the webhook resource says otherwise (CX: up to 30s)'
            cand --select 'Ask only these rules: codes, their beginnings (MT2), or names; commas or repeated'
            cand --ignore 'Do not ask these rules; the longer code wins over --select'
            cand --baseline 'Findings that this file has are nothing new: SARIF or GitLab''s JSON of an earlier run (--output sarif=FILE)'
            cand --format 'How to print what came'
            cand -o 'Where to write it, or another format too: junit=out.xml; may be repeated'
            cand --output 'Where to write it, or another format too: junit=out.xml; may be repeated'
            cand --color 'When to use colour'
            cand -w 'Print this after each call, with curl''s variables: ''%{http_code} %{time_total}\n'''
            cand --write-out 'Print this after each call, with curl''s variables: ''%{http_code} %{time_total}\n'''
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --exit-zero 'Findings never change the exit status'
            cand --matrix 'Be every client there is, and tell which ones were wrongly let in'
            cand --readiness 'Call as each certificate of the sender would look, and tell whether the webhook will go on accepting it'
            cand --tlsv1.2 'TLS 1.2 or later (always so)'
            cand --tlsv1.3 'TLS 1.3 only'
            cand --no-default-roots 'Do not judge by the public roots where no --cacert is given'
            cand -k 'Call a webhook whose certificate is not trusted all the same'
            cand --insecure 'Call a webhook whose certificate is not trusted all the same'
            cand --http1.1 'HTTP/1.1, as Dialogflow was seen to use (the default)'
            cand --http2 'HTTP/2 where the webhook has it'
            cand -v 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand --verbose 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand -q 'Print the verdict lines only'
            cand --quiet 'Print the verdict lines only'
            cand --show-secrets 'Do not redact credentials (says so loudly)'
            cand -s 'Nothing but the --write-out'
            cand --silent 'Nothing but the --write-out'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;explain'= {
            cand --format 'How to print'
            cand --color 'When to use colour'
            cand --profile 'The sender in question, a name or a file of your own'
            cand --at-time 'Judge at this moment in place of now'
            cand --attime 'Judge at this moment in place of now'
            cand --with 'What mtls has seen of the case: JSON of listen, simulate or lint; may be repeated'
            cand --host 'Call this webhook once, without a client certificate, and let what is seen strike causes'
            cand --cert 'Judge this certificate chain'
            cand --key 'Judge this key with it'
            cand --client-ca 'Judge the file of authorities that clients are checked against'
            cand --cacert 'Judge the chain against these anchors; those of --client-ca when it is a client''s'
            cand --role 'Whose certificate --cert is; the fault in question decides by default'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand -v 'Every cause in full: how to tell it, what to do, rules, sources'
            cand --verbose 'Every cause in full: how to tell it, what to do, rules, sources'
            cand --all 'Every cause in full: how to tell it, what to do, rules, sources'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;pki'= {
            cand --profile 'The sender whose chain''s shape is imitated: root, intermediate, leaf'
            cand --host 'A name or address of the server certificates; may be repeated'
            cand --at-time 'Date the certificates as if it were this moment (RFC 3339, a date, or seconds since 1970)'
            cand --format 'How to print what was written'
            cand --color 'When to use colour'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --rsa 'RSA keys for the leaves in place of ECDSA ones; takes some seconds'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;profiles'= {
            cand --format 'How to print'
            cand --color 'When to use colour'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Everything known about a sender, each fact with its source and day, and what is not known'
            cand pem 'The roots to trust, as PEM: those of the certificates a sender goes on presenting'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;profiles;show'= {
            cand --format 'How to print'
            cand --color 'When to use colour'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;profiles;pem'= {
            cand --format 'How to print'
            cand --color 'When to use colour'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --all 'Those of every certificate, of the ones that end too'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;profiles;help'= {
            cand show 'Everything known about a sender, each fact with its source and day, and what is not known'
            cand pem 'The roots to trust, as PEM: those of the certificates a sender goes on presenting'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;profiles;help;show'= {
        }
        &'mtls;profiles;help;pem'= {
        }
        &'mtls;profiles;help;help'= {
        }
        &'mtls;token'= {
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help'
            cand --help 'Print help'
            cand verify 'Check a token: signature, issuer, audience, time, project'
            cand decode 'Show what a token says, without checking anything'
            cand mint 'Make a test token, signed with a test key'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;token;verify'= {
            cand --profile 'The sender whose tokens they have to be; without it and --project-number a token is nobody''s. Issuer and form are dialogflow''s'
            cand --cacert 'Anchors for the host of a --jwks URL, in place of the public roots'
            cand --at-time 'Judge as if it were this moment (RFC 3339, a date, or seconds since 1970)'
            cand --format 'How to print the result'
            cand --color 'When to use colour'
            cand --jwks 'The keys that may have signed the token: a JSON Web Key Set, a file or an https URL'
            cand --audience 'What its aud has to be; may be repeated'
            cand --project-number 'The number of the project whose service agent has to have sent it'
            cand --issuer 'What its iss has to be, in place of the sender profile''s; may be repeated'
            cand --skew 'How far clocks may differ'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;token;decode'= {
            cand --at-time 'Tell times from this moment (RFC 3339, a date, or seconds since 1970)'
            cand --format 'How to print the result'
            cand --color 'When to use colour'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;token;mint'= {
            cand --audience 'Its aud'
            cand --project-number 'The number of the project whose service agent it names'
            cand --issuer 'Its iss, in place of the sender profile''s'
            cand --profile 'The sender whose token is imitated'
            cand --lifetime 'How long it is valid'
            cand --key 'An RSA key to sign with, PKCS#8 PEM; a new one without it'
            cand --key-out 'Write the new key here; must not exist'
            cand --jwks-out 'Write the key set for the verifier here'
            cand --at-time 'Date it as if it were this moment (RFC 3339, a date, or seconds since 1970)'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;token;help'= {
            cand verify 'Check a token: signature, issuer, audience, time, project'
            cand decode 'Show what a token says, without checking anything'
            cand mint 'Make a test token, signed with a test key'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;token;help;verify'= {
        }
        &'mtls;token;help;decode'= {
        }
        &'mtls;token;help;mint'= {
        }
        &'mtls;token;help;help'= {
        }
        &'mtls;generate'= {
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help'
            cand --help 'Print help'
            cand rules 'The rule reference, Markdown'
            cand stacks 'The table of verifiers: who refuses a chain for what, Markdown'
            cand completions 'Completions for a shell: bash, zsh, fish, powershell, elvish'
            cand man 'The manual page of the program, or of one command'
            cand schemas 'The JSON Schemas of what `--format json` and `jsonl` print'
            cand profile-schema 'The JSON Schema of a sender profile'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;generate;rules'= {
            cand --out 'Write to this file instead of standard output'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;stacks'= {
            cand --out 'Write to this file instead of standard output'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;completions'= {
            cand --dir 'Write those of all shells into this directory, each by the name that its shell looks for'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;man'= {
            cand --dir 'Write the pages of all commands into this directory'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;schemas'= {
            cand --dir 'Write them into this directory'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;profile-schema'= {
            cand --out 'Write to this file instead of standard output'
            cand --config 'The file with defaults of flags, exceptions and severities; mtls.toml here or above by default'
            cand --no-config 'Look for no such file'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;help'= {
            cand rules 'The rule reference, Markdown'
            cand stacks 'The table of verifiers: who refuses a chain for what, Markdown'
            cand completions 'Completions for a shell: bash, zsh, fish, powershell, elvish'
            cand man 'The manual page of the program, or of one command'
            cand schemas 'The JSON Schemas of what `--format json` and `jsonl` print'
            cand profile-schema 'The JSON Schema of a sender profile'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;generate;help;rules'= {
        }
        &'mtls;generate;help;stacks'= {
        }
        &'mtls;generate;help;completions'= {
        }
        &'mtls;generate;help;man'= {
        }
        &'mtls;generate;help;schemas'= {
        }
        &'mtls;generate;help;profile-schema'= {
        }
        &'mtls;generate;help;help'= {
        }
        &'mtls;help'= {
            cand demo 'The whole story in one process: a throwaway PKI, a listener, three clients'
            cand lint 'Judge certificate, key and client-CA file before they are deployed'
            cand listen 'A TLS server that asks for a client certificate, shows what comes, and answers it'
            cand inspect 'What an endpoint or a file presents, what it asks of clients, and what is wrong with it'
            cand simulate 'Call a webhook as the sender would, with client certificates good and bad on purpose'
            cand explain 'What an error of any stack means, whose move it is, what to run next'
            cand pki 'Write a throwaway PKI: certificates good and bad on purpose, for rehearsals'
            cand profiles 'What is known of each sender, with sources and dates, and what is not'
            cand token 'Read, check and make bearer tokens'
            cand generate 'Print completions, manual pages, the rules, the schema of profiles'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;help;demo'= {
        }
        &'mtls;help;lint'= {
        }
        &'mtls;help;listen'= {
        }
        &'mtls;help;inspect'= {
        }
        &'mtls;help;simulate'= {
        }
        &'mtls;help;explain'= {
        }
        &'mtls;help;pki'= {
        }
        &'mtls;help;profiles'= {
            cand show 'Everything known about a sender, each fact with its source and day, and what is not known'
            cand pem 'The roots to trust, as PEM: those of the certificates a sender goes on presenting'
        }
        &'mtls;help;profiles;show'= {
        }
        &'mtls;help;profiles;pem'= {
        }
        &'mtls;help;token'= {
            cand verify 'Check a token: signature, issuer, audience, time, project'
            cand decode 'Show what a token says, without checking anything'
            cand mint 'Make a test token, signed with a test key'
        }
        &'mtls;help;token;verify'= {
        }
        &'mtls;help;token;decode'= {
        }
        &'mtls;help;token;mint'= {
        }
        &'mtls;help;generate'= {
            cand rules 'The rule reference, Markdown'
            cand stacks 'The table of verifiers: who refuses a chain for what, Markdown'
            cand completions 'Completions for a shell: bash, zsh, fish, powershell, elvish'
            cand man 'The manual page of the program, or of one command'
            cand schemas 'The JSON Schemas of what `--format json` and `jsonl` print'
            cand profile-schema 'The JSON Schema of a sender profile'
        }
        &'mtls;help;generate;rules'= {
        }
        &'mtls;help;generate;stacks'= {
        }
        &'mtls;help;generate;completions'= {
        }
        &'mtls;help;generate;man'= {
        }
        &'mtls;help;generate;schemas'= {
        }
        &'mtls;help;generate;profile-schema'= {
        }
        &'mtls;help;help'= {
        }
    ]
    $completions[$command]
}
