
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
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand demo 'Show it all in one process: a throwaway PKI, a listener, three clients'
            cand lint 'Check a certificate, its key and the client-CA file before you deploy them'
            cand diff 'Compare two chains, client-CA files, configurations or endpoints: who loses access'
            cand listen 'Run a TLS server that asks for a client certificate, shows what arrives, and answers'
            cand inspect 'Show what an endpoint or a file presents, what it asks of clients, and what is wrong'
            cand simulate 'Call a webhook as its sender would, with valid and with faulty client certificates'
            cand explain 'Explain an error of any TLS stack: its causes, who has to fix it, what to run next'
            cand pki 'Write a throwaway PKI with valid and faulty certificates, for rehearsals'
            cand profiles 'Show what is known about each sender, with sources and dates, and what is unknown'
            cand case 'Show, redact and export recorded cases (`listen --record`)'
            cand scenario 'Make a file of test calls from recorded cases'
            cand token 'Verify, decode and mint bearer tokens'
            cand generate 'Print completions, manual pages, the rule reference and JSON Schemas'
            cand version 'Print the version'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;demo'= {
            cand --color 'When to use colour'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand -v 'Show all that the listener saw of each call'
            cand --verbose 'Show all that the listener saw of each call'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;lint'= {
            cand --cert 'Certificate chain to present, PEM, leaf first'
            cand -k 'Private key of the leaf, PEM'
            cand --key 'Private key of the leaf, PEM'
            cand --client-ca 'CA certificates that client certificates are verified against; may be repeated'
            cand --would-accept 'Client certificate, with its intermediates, that must be accepted; may be repeated'
            cand --cacert 'Trust anchors for the chain; any certificate in FILE is one; may be repeated'
            cand --untrusted 'More certificates to build the chain from, as openssl''s -untrusted; may be repeated'
            cand --crlfile 'Certificate revocation lists (CRLs), PEM or DER; one must cover the leaf; may be repeated'
            cand --pass 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal'
            cand --stack 'Verify chains as this program does: nginx, apache, haproxy, envoy, node, curl, go, java, rustls, python@3.13, openssl@3.0, …; may be repeated [default: as the mainstream ones agree]'
            cand --at-time 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --warn-days 'Warn when a certificate expires in fewer days [default: 20, less for a short-lived one]'
            cand --fail-days 'Fail when a certificate expires in fewer days [default: 3, less for a short-lived one]'
            cand --role 'Whose certificate it is [default: server for --cert, by extended key usage for PATH]'
            cand --host 'Host name that the certificate must cover, or a URL with it; separate with commas or repeat'
            cand --profile 'Sender profile whose client certificate must be accepted: a name, NAME=FILE with the roots that the sender has for download, or a file of your own; may be repeated'
            cand --server 'Server of a configuration that is the webhook, by one of its names; the others are skipped'
            cand --max-depth 'Maximum number of intermediates between leaf and trust anchor'
            cand --select 'Run only these rules: names, codes, or code prefixes (MT2); separate with commas or repeat'
            cand --ignore 'Skip these rules; the more specific code wins over --select'
            cand --baseline 'Suppress findings already in this baseline: SARIF or GitLab JSON of an earlier run'
            cand --format 'Output format'
            cand -o 'Write the output to FILE, in another format if one is named (sarif=out.sarif); may be repeated'
            cand --output 'Write the output to FILE, in another format if one is named (sarif=out.sarif); may be repeated'
            cand --color 'When to use colour'
            cand --fail-on 'Lowest severity that makes the exit status 1'
            cand --jobs 'Files checked in parallel [default: the number of cores]'
            cand --out 'File that --fix writes; must not exist'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-default-roots 'Trust no public roots, even if --cacert is not given'
            cand --strict 'Verify chains by RFC 5280 and the web PKI''s rules alone'
            cand --fetch 'Fetch missing intermediates, and ask whether certificates are revoked (OCSP, CRL), from the addresses in the certificates; never without this flag'
            cand --fetch-private 'With --fetch: also from private, loopback and link-local addresses'
            cand -v 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand --verbose 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand -q 'Print the verdict lines only'
            cand --quiet 'Print the verdict lines only'
            cand --exit-zero 'Exit with 0 whatever is found'
            cand --fix 'Write a clean copy: the chain of --cert in order, without duplicates, unrelated certificates and root, with --fetch also the missing intermediates; or the CA certificates of --client-ca, each once'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;diff'= {
            cand --profile 'Sender profile to look at; may be repeated [default: every sender whose certificate is known]'
            cand --would-accept 'Client certificate, with its intermediates, to look at; may be repeated'
            cand --cacert 'Trust anchors for server chains [default: the public roots]'
            cand --server 'Server of a configuration that is the webhook, by one of its names; the others are skipped'
            cand --pass 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal'
            cand --at-time 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;listen'= {
            cand -l 'Address to listen on; PORT alone is localhost only, *:PORT is every address'
            cand --listen 'Address to listen on; PORT alone is localhost only, *:PORT is every address'
            cand --client-auth 'Whether to ask clients for a certificate'
            cand --verify-depth 'Reject a chain with an error deeper than DEPTH, as openssl''s -verify DEPTH'
            cand --max-depth 'Maximum number of intermediates, as openssl''s -verify_depth'
            cand --tls-max 'Highest TLS version to use'
            cand -E 'Server certificate and chain, PEM, sent in the order of the file'
            cand --cert 'Server certificate and chain, PEM, sent in the order of the file'
            cand --cert-chain 'More certificates to send after --cert, PEM'
            cand -k 'Private key of --cert, PEM [default: in the file of --cert]'
            cand --key 'Private key of --cert, PEM [default: in the file of --cert]'
            cand --pass 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal'
            cand --client-ca 'CA certificates to verify clients against, PEM; clients are sent their names'
            cand --crlfile 'Certificate revocation lists (CRLs), PEM or DER, for clients; every CA of a client''s chain needs one, as with nginx''s ssl_crl; may be repeated'
            cand --profile 'Sender profile whose trust anchors clients are verified against too: a name, or a file of your own; may be repeated'
            cand --sender 'Sender profile to recognize without trusting its anchors: a name, or a file of your own; may be repeated'
            cand --respond 'Answer with the content of FILE [default: a webhook answer that fits the request]'
            cand --status 'Answer with this HTTP status'
            cand --delay 'Wait before answering: 500ms, 5s'
            cand --forward-to 'Pass every request on to this application and answer with its answer; PORT alone is http://localhost:PORT'
            cand --forward-path 'What the path of a request becomes'
            cand --forward-headers 'Headers that tell the application of a verified client certificate; any that come from outside are removed'
            cand --forward-timeout 'How long the application may take to answer'
            cand --forward-connect-timeout 'How long a connection to the application may take'
            cand --forward-resolve 'Connect to ADDRESS for HOST:PORT instead of asking DNS; may be repeated'
            cand --forward-cacert 'CA certificates to verify the application against, PEM [default: the public roots]'
            cand --forward-sni 'Send the application this server name (SNI) and check its certificate against it'
            cand --forward-cert 'Client certificate and chain to present to the application, PEM'
            cand --forward-key 'Private key of --forward-cert, PEM [default: in the file of --forward-cert]'
            cand --jwks 'JSON Web Key Set with the keys that may sign tokens: a file or an https URL'
            cand --audience 'Expected audience (aud); may be repeated'
            cand --project-number 'Number of the project whose service agent must have sent the token'
            cand --issuer 'Expected issuer (iss) [default: the sender profile''s]; may be repeated'
            cand --skew 'Clock skew to allow'
            cand --expect-parameter 'Session parameter that every request must have; may be repeated'
            cand --allow-cn 'Common name that a client''s certificate may have; any other is an error; may be repeated'
            cand --allow-ou 'Accept clients whose certificate has this organizational unit; may be repeated'
            cand --allow-dns 'DNS name among the alternative names of its certificate; may be repeated'
            cand --allow-uri 'URI among its alternative names, such as a SPIFFE ID; * is one segment, ** at the end any number; may be repeated'
            cand --allow-spki 'SHA-256 of its public key: hexadecimal, or sha256//BASE64 as in curl; may be repeated'
            cand --format 'Output format'
            cand -o 'Write the output to FILE, in another format if one is named (html=report.html); may be repeated'
            cand --output 'Write the output to FILE, in another format if one is named (html=report.html); may be repeated'
            cand --color 'When to use colour'
            cand --openssl-labels 'OpenSSL version whose labels --format openssl uses'
            cand --keylog 'Append TLS secrets to FILE, for Wireshark'
            cand --ui 'Show each connection on a page in the browser; its address, with the token it needs, is printed once. PORT alone is this machine only; another host is served over TLS'
            cand --ui-keep 'Connections that the page keeps'
            cand --record 'Write each connection into DIR as a case, to look at and to replay: NAME.case.json'
            cand --record-only 'Which connections to record'
            cand --record-max-files 'Maximum cases in DIR; the oldest is deleted first'
            cand --record-max-bytes 'Maximum bytes of cases in DIR; the oldest is deleted first'
            cand --save-certs 'Write the client''s certificates into DIR, each chain once, as PEM'
            cand --fail-on 'Lowest severity that makes the exit status 1'
            cand --at-time 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --count 'Stop after this many connections'
            cand --timeout 'Stop after this time'
            cand --expect 'What every connection must show: mtls, no-mtls, token or profile:NAME; exit with 1 otherwise'
            cand --handshake-timeout 'Handshake timeout'
            cand --request-timeout 'Request timeout'
            cand --max-header 'Maximum bytes in a request''s header section'
            cand --max-body 'Maximum bytes in a request body, compressed or not'
            cand --max-kept 'Maximum bytes of request bodies to keep in a run, a quarter of it per connection; of any others, length and SHA-256 are kept'
            cand --max-connections 'Maximum open connections; one more closes the one that has been idle longest'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --enforce 'Reject client certificates that do not verify, instead of only showing them'
            cand --partial-chain 'Accept a trust anchor that is not self-signed, as openssl''s -partial_chain'
            cand --tlsv1.3 'Use TLS 1.3 only'
            cand --no-default-roots 'Without --client-ca and --profile, do not use the system''s trust store'
            cand --forward-unverified 'Also send those headers for a certificate that was not verified'
            cand --forward-skip-verify 'Accept any certificate from the application'
            cand --verify-token 'Verify the bearer token of every request; needs --jwks'
            cand -v 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand --verbose 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand -q 'Print one line per connection: its verdict, the reason, the certificate'
            cand --quiet 'Print one line per connection: its verdict, the reason, the certificate'
            cand --short 'Print one line per connection: its verdict, the reason, the certificate'
            cand --show-secrets 'Print credentials in full instead of redacting them'
            cand --exit-zero 'Exit with 0 whatever is found'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;inspect'= {
            cand --stack 'Verify chains as this program does: nginx, apache, haproxy, envoy, node, curl, go, java, rustls, python@3.13, openssl@3.0, …; may be repeated [default: as the mainstream ones agree]'
            cand --at-time 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --cacert 'Trust anchors for the chains [default: the public roots]'
            cand --profile 'Sender profile whose client certificate must be accepted: a name, or a file of your own [default: dialogflow, if the server names its CA]'
            cand --fail-on 'Lowest severity that makes the exit status 1'
            cand -E 'Client certificate and chain, PEM, to present in a second handshake'
            cand --cert 'Client certificate and chain, PEM, to present in a second handshake'
            cand --key 'Private key of --cert, PEM [default: in the file of --cert]'
            cand --client 'Throwaway client certificate to present in a second handshake: valid, or a fault such as expired'
            cand --pki 'Take --client from this directory, written by `mtls pki`'
            cand --sni 'Send this server name (SNI) and check the certificate against it [default: the target''s host]'
            cand --resolve 'Connect to ADDRESS for HOST:PORT instead of asking DNS; may be repeated'
            cand --connect-to 'Connect to HOST2:PORT2 for HOST1:PORT1; may be repeated'
            cand -x 'Connect through this HTTP proxy (CONNECT) [default: https_proxy, but for this machine and the hosts of no_proxy]'
            cand --proxy 'Connect through this HTTP proxy (CONNECT) [default: https_proxy, but for this machine and the hosts of no_proxy]'
            cand --tls-max 'Highest TLS version to use'
            cand -t 'Timeout for DNS lookup, TCP and TLS'
            cand --connect-timeout 'Timeout for DNS lookup, TCP and TLS'
            cand --answer-timeout 'Timeout for the answer to a GET; no answer is not a failure'
            cand -m 'Timeout for one connection in all'
            cand --max-time 'Timeout for one connection in all'
            cand -H 'Host to inspect, in the flags of monitoring plugins'
            cand --hostname 'Host to inspect, in the flags of monitoring plugins'
            cand -p 'Port of --hostname'
            cand --port 'Port of --hostname'
            cand --targets 'List of endpoints, one per line: host[:port], or JSON with `target` and its own settings; - is standard input'
            cand -j 'Endpoints inspected in parallel'
            cand --jobs 'Endpoints inspected in parallel'
            cand --rate 'Maximum number of endpoints to start per second'
            cand --shard 'Inspect only part M of N; auto takes M from JOB_COMPLETION_INDEX or CI_NODE_INDEX'
            cand --resume 'Skip endpoints that FILE, the JSON Lines of an earlier run, has a result for'
            cand --select 'Run only these rules: names, codes, or code prefixes (MT2); separate with commas or repeat'
            cand --ignore 'Skip these rules; the more specific code wins over --select'
            cand --baseline 'Suppress findings already in this baseline: SARIF or GitLab JSON of an earlier run'
            cand --format 'Output format'
            cand -o 'Write the output to FILE, in another format if one is named (jsonl=out.jsonl); {shard} in the name becomes the shard number; may be repeated'
            cand --output 'Write the output to FILE, in another format if one is named (jsonl=out.jsonl); {shard} in the name becomes the shard number; may be repeated'
            cand --color 'When to use colour'
            cand --pass 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal'
            cand -w 'Warn when a certificate expires in fewer days [default: 20, less for a short-lived one]'
            cand --warn-days 'Warn when a certificate expires in fewer days [default: 20, less for a short-lived one]'
            cand -c 'Fail when a certificate expires in fewer days [default: 3, less for a short-lived one]'
            cand --fail-days 'Fail when a certificate expires in fewer days [default: 3, less for a short-lived one]'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-default-roots 'Trust no public roots, even if --cacert is not given'
            cand --strict 'Verify chains by RFC 5280 and the web PKI''s rules alone'
            cand --fetch 'Fetch missing intermediates, and ask whether certificates are revoked (OCSP, CRL), from the addresses in the certificates; never without this flag'
            cand --fetch-private 'With --fetch: also from private, loopback and link-local addresses'
            cand --exit-zero 'Exit with 0 whatever is found'
            cand --tlsv1.2 'Use TLS 1.2 or later (always on)'
            cand --tlsv1.3 'Use TLS 1.3 only'
            cand --http1.1 'Offer only HTTP/1.1'
            cand --no-alpn 'Offer no application protocol'
            cand --thorough 'With --targets too: check every trust store, and session resumption by a second handshake'
            cand -v 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand --verbose 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand -q 'Print the verdict lines only'
            cand --quiet 'Print the verdict lines only'
            cand --show-secrets 'Print credentials in full instead of redacting them'
            cand --short 'Print two lines for each certificate'
            cand --pem 'Print the certificates as PEM too'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;simulate'= {
            cand --fail-on 'Lowest severity that makes the exit status 1'
            cand --at-time 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --stack 'Program that verifies client certificates at the webhook: nginx, apache, haproxy, envoy, node, go, java, rustls, python@3.13, …; the results are compared with what it accepts'
            cand --repeat 'Call this many times'
            cand --jobs 'Calls in parallel [default: 8 with --matrix, else 1]'
            cand --scenario 'Make the calls in FILE (TOML) and check what it expects'
            cand --replay 'Send the requests of a recorded case again, or of all cases in DIR, and compare the answers; may be repeated'
            cand --to 'Webhook to replay to; a path in it replaces the recorded one'
            cand --compare 'What of the answers to compare: status, headers, body, or none; separate with commas'
            cand --ignore-field 'Value in a JSON answer that may differ, with all below it; may be repeated'
            cand --fill 'Value for a placeholder <<NAME>> of the cases: NAME=env:VARIABLE or NAME=file:PATH; may be repeated'
            cand --event 'Request format: es, es-beta, cx, cx-flexible'
            cand --profile 'Sender profile: a name, or a file of your own [default: the one of --event]'
            cand --sender 'Call as this sender: its request, its TLS version, a stand-in for its certificate, its rule for the answer'
            cand --text 'What the user says'
            cand --event-name 'Send an event instead of --text'
            cand --set 'Set a value in the body: /json/pointer=VALUE; may be repeated'
            cand --body 'Start from the JSON body in FILE; - is standard input'
            cand --session 'Session ID, or the full name of a session'
            cand --language 'Language of the request'
            cand --tag 'Fulfillment tag (CX)'
            cand -X 'HTTP method (cx-flexible)'
            cand --request 'HTTP method (cx-flexible)'
            cand -H 'Header field, `Name: value`; `Name:` removes one; may be repeated'
            cand --header 'Header field, `Name: value`; `Name:` removes one; may be repeated'
            cand --bearer 'Bearer token: a token, `simulated` (has the sender''s form, not signed), `mint` (signed with a new test key), `none`, or env:NAME for the variable NAME'
            cand -E 'Your own client certificate and chain, PEM'
            cand --cert 'Your own client certificate and chain, PEM'
            cand --key 'Private key of --cert, PEM [default: in the file of --cert]'
            cand --pass 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal'
            cand --pki 'Take client certificates from this directory, written by `mtls pki`'
            cand --client 'Client certificate to present: valid, none, or a fault such as expired'
            cand --sni 'Send this server name (SNI) and check the certificate against it [default: the target''s host]'
            cand --resolve 'Connect to ADDRESS for HOST:PORT instead of asking DNS; may be repeated'
            cand --connect-to 'Connect to HOST2:PORT2 for HOST1:PORT1; may be repeated'
            cand -x 'Connect through this HTTP proxy (CONNECT) [default: https_proxy, but for this machine and the hosts of no_proxy]'
            cand --proxy 'Connect through this HTTP proxy (CONNECT) [default: https_proxy, but for this machine and the hosts of no_proxy]'
            cand --tls-max 'Highest TLS version to use'
            cand --cacert 'Trust anchors for the webhook''s certificate [default: the public roots]'
            cand --connect-timeout 'Timeout for DNS lookup, TCP and TLS'
            cand -m 'Timeout for the whole call [default: 35s, to see how late an answer is; with --matrix as long as the sender waits]'
            cand --max-time 'Timeout for the whole call [default: 35s, to see how late an answer is; with --matrix as long as the sender waits]'
            cand --time-limit 'How long the sender waits for an answer [default: 5s; a CX webhook can set up to 30s]'
            cand --select 'Run only these rules: names, codes, or code prefixes (MT2); separate with commas or repeat'
            cand --ignore 'Skip these rules; the more specific code wins over --select'
            cand --baseline 'Suppress findings already in this baseline: SARIF or GitLab JSON of an earlier run'
            cand --format 'Output format'
            cand -o 'Write the output to FILE, in another format if one is named (junit=out.xml); may be repeated'
            cand --output 'Write the output to FILE, in another format if one is named (junit=out.xml); may be repeated'
            cand --color 'When to use colour'
            cand -w 'Print FORMAT after each call, with curl''s variables: ''%{http_code} %{time_total}\n'''
            cand --write-out 'Print FORMAT after each call, with curl''s variables: ''%{http_code} %{time_total}\n'''
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --exit-zero 'Exit with 0 whatever is found'
            cand --matrix 'Call once as every client, and report which ones were wrongly accepted'
            cand --readiness 'Call with a stand-in for each certificate of the sender, and report which are accepted'
            cand --tlsv1.2 'Use TLS 1.2 or later (always on)'
            cand --tlsv1.3 'Use TLS 1.3 only'
            cand --no-default-roots 'Trust no public roots, even if --cacert is not given'
            cand -k 'Call even if the webhook''s certificate is not trusted'
            cand --insecure 'Call even if the webhook''s certificate is not trusted'
            cand --http1.1 'Use HTTP/1.1, as Dialogflow does (the default)'
            cand --http2 'Use HTTP/2 if the webhook offers it'
            cand -v 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand --verbose 'Print everything: file lines, whole chains, every reason, headers, timing'
            cand -q 'Print the verdict lines only'
            cand --quiet 'Print the verdict lines only'
            cand --show-secrets 'Print credentials in full instead of redacting them'
            cand --print-request 'Print the request that would be sent, and do not call'
            cand --print-curl 'Print the curl command that makes the call, and do not call'
            cand -s 'Print nothing but --write-out'
            cand --silent 'Print nothing but --write-out'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;explain'= {
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --profile 'Sender profile the error is about: a name, or a file of your own'
            cand --at-time 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --attime 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --with 'JSON that listen, simulate or lint printed about the case; may be repeated'
            cand --host 'Call this webhook once without a client certificate, and rule out causes by the result'
            cand --cert 'Check this certificate chain'
            cand -k 'Check this private key with --cert'
            cand --key 'Check this private key with --cert'
            cand --pass 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal'
            cand --client-ca 'Check the CA certificates that client certificates are verified against'
            cand --cacert 'Trust anchors for the chain [default: those of --client-ca for a client''s]'
            cand --role 'Whose certificate --cert is [default: what the error suggests]'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand -v 'Print every cause in full: how to check it, how to fix it, rules, sources'
            cand --verbose 'Print every cause in full: how to check it, how to fix it, rules, sources'
            cand --all 'Print every cause in full: how to check it, how to fix it, rules, sources'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;pki'= {
            cand --profile 'Sender profile whose chain is imitated: root, intermediate, leaf'
            cand --host 'Host name or address for the server certificates; separate with commas or repeat'
            cand --at-time 'Date the certificates as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --rsa 'Use RSA keys for the leaves instead of ECDSA; takes some seconds'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;profiles'= {
            cand --within 'Show only changes within this time: 90d'
            cand --at-time 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Show everything known about a sender, with sources and dates, and what is unknown'
            cand pem 'Print the roots to trust for a sender, as PEM'
            cand check 'Check a profile of your own: its fields, its dates, its roots'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;profiles;show'= {
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;profiles;pem'= {
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --all 'Include the roots of certificates that the sender is phasing out'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;profiles;check'= {
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;profiles;help'= {
            cand show 'Show everything known about a sender, with sources and dates, and what is unknown'
            cand pem 'Print the roots to trust for a sender, as PEM'
            cand check 'Check a profile of your own: its fields, its dates, its roots'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;profiles;help;show'= {
        }
        &'mtls;profiles;help;pem'= {
        }
        &'mtls;profiles;help;check'= {
        }
        &'mtls;profiles;help;help'= {
        }
        &'mtls;case'= {
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
            cand show 'Show a case: who called, what was asked and answered, what was taken out'
            cand redact 'Remove credentials from a recorded case before sharing it'
            cand export 'Write the requests of cases for another program'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;case;show'= {
            cand --color 'When to use colour'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand -v 'Print bodies in full'
            cand --verbose 'Print bodies in full'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;case;redact'= {
            cand --out 'Write to FILE, which must not exist, instead of standard output'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;case;export'= {
            cand --out 'Write to FILE, which must not exist, instead of standard output'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;case;help'= {
            cand show 'Show a case: who called, what was asked and answered, what was taken out'
            cand redact 'Remove credentials from a recorded case before sharing it'
            cand export 'Write the requests of cases for another program'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;case;help;show'= {
        }
        &'mtls;case;help;redact'= {
        }
        &'mtls;case;help;export'= {
        }
        &'mtls;case;help;help'= {
        }
        &'mtls;scenario'= {
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
            cand from 'Write a file of calls for simulate --scenario from recorded cases'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;scenario;from'= {
            cand --to 'Webhook to call'
            cand --ignore-field 'Value in a JSON answer that may differ, with all below it; may be repeated'
            cand --out 'Write to FILE, which must not exist, instead of standard output; cases are named from where it is'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;scenario;help'= {
            cand from 'Write a file of calls for simulate --scenario from recorded cases'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;scenario;help;from'= {
        }
        &'mtls;scenario;help;help'= {
        }
        &'mtls;token'= {
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
            cand verify 'Verify a token: signature, issuer, audience, time, project'
            cand decode 'Show what a token says, without verifying anything'
            cand mint 'Make a test token, signed with a test key'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;token;verify'= {
            cand --profile 'Sender profile that the token must fit; issuer and form are dialogflow''s by default'
            cand --cacert 'Trust anchors for the host of a --jwks URL [default: the public roots]'
            cand --at-time 'Evaluate as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --jwks 'JSON Web Key Set with the keys that may sign tokens: a file or an https URL'
            cand --audience 'Expected audience (aud); may be repeated'
            cand --project-number 'Number of the project whose service agent must have sent the token'
            cand --issuer 'Expected issuer (iss) [default: the sender profile''s]; may be repeated'
            cand --skew 'Clock skew to allow'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;token;decode'= {
            cand --at-time 'Show times relative to TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --format 'Output format'
            cand --color 'When to use colour'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;token;mint'= {
            cand --audience 'Audience (aud)'
            cand --project-number 'Number of the project whose service agent the token names'
            cand --issuer 'Issuer (iss) [default: the sender profile''s]'
            cand --profile 'Sender profile whose token is imitated'
            cand --lifetime 'Validity period'
            cand --key 'RSA key to sign with, PKCS#8 PEM [default: a new one]'
            cand --pass 'Password of encrypted keys and PKCS#12 files: pass:WORD, env:VARIABLE, file:PATH or stdin, as in openssl, or prompt, which asks on the terminal'
            cand --key-out 'Write the new key to FILE; must not exist'
            cand --jwks-out 'Write the key set that a verifier needs to FILE; must not exist'
            cand --at-time 'Date the token as of TIME: RFC 3339, a date, or seconds since 1970 [default: now]'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;token;help'= {
            cand verify 'Verify a token: signature, issuer, audience, time, project'
            cand decode 'Show what a token says, without verifying anything'
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
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
            cand rules 'Print the rule reference, Markdown'
            cand stacks 'Print the table of verifiers: which one rejects which chain, Markdown'
            cand completions 'Print completions for a shell: bash, zsh, fish, powershell, elvish'
            cand man 'Print the manual page of the program, or of a command'
            cand schemas 'Write the JSON Schemas of what `--format json` and `jsonl` print'
            cand profile-schema 'Print the JSON Schema of a sender profile'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;generate;rules'= {
            cand --out 'Write to FILE instead of standard output'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;stacks'= {
            cand --out 'Write to FILE instead of standard output'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;completions'= {
            cand --dir 'Write the completions for every shell into DIR, each under the name its shell expects'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;man'= {
            cand --dir 'Write the pages of all commands into DIR'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;schemas'= {
            cand --dir 'Directory to write them into'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;profile-schema'= {
            cand --out 'Write to FILE instead of standard output'
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;generate;help'= {
            cand rules 'Print the rule reference, Markdown'
            cand stacks 'Print the table of verifiers: which one rejects which chain, Markdown'
            cand completions 'Print completions for a shell: bash, zsh, fish, powershell, elvish'
            cand man 'Print the manual page of the program, or of a command'
            cand schemas 'Write the JSON Schemas of what `--format json` and `jsonl` print'
            cand profile-schema 'Print the JSON Schema of a sender profile'
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
        &'mtls;version'= {
            cand --config 'Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent directory]'
            cand --no-config 'Ignore mtls.toml'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'mtls;help'= {
            cand demo 'Show it all in one process: a throwaway PKI, a listener, three clients'
            cand lint 'Check a certificate, its key and the client-CA file before you deploy them'
            cand diff 'Compare two chains, client-CA files, configurations or endpoints: who loses access'
            cand listen 'Run a TLS server that asks for a client certificate, shows what arrives, and answers'
            cand inspect 'Show what an endpoint or a file presents, what it asks of clients, and what is wrong'
            cand simulate 'Call a webhook as its sender would, with valid and with faulty client certificates'
            cand explain 'Explain an error of any TLS stack: its causes, who has to fix it, what to run next'
            cand pki 'Write a throwaway PKI with valid and faulty certificates, for rehearsals'
            cand profiles 'Show what is known about each sender, with sources and dates, and what is unknown'
            cand case 'Show, redact and export recorded cases (`listen --record`)'
            cand scenario 'Make a file of test calls from recorded cases'
            cand token 'Verify, decode and mint bearer tokens'
            cand generate 'Print completions, manual pages, the rule reference and JSON Schemas'
            cand version 'Print the version'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'mtls;help;demo'= {
        }
        &'mtls;help;lint'= {
        }
        &'mtls;help;diff'= {
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
            cand show 'Show everything known about a sender, with sources and dates, and what is unknown'
            cand pem 'Print the roots to trust for a sender, as PEM'
            cand check 'Check a profile of your own: its fields, its dates, its roots'
        }
        &'mtls;help;profiles;show'= {
        }
        &'mtls;help;profiles;pem'= {
        }
        &'mtls;help;profiles;check'= {
        }
        &'mtls;help;case'= {
            cand show 'Show a case: who called, what was asked and answered, what was taken out'
            cand redact 'Remove credentials from a recorded case before sharing it'
            cand export 'Write the requests of cases for another program'
        }
        &'mtls;help;case;show'= {
        }
        &'mtls;help;case;redact'= {
        }
        &'mtls;help;case;export'= {
        }
        &'mtls;help;scenario'= {
            cand from 'Write a file of calls for simulate --scenario from recorded cases'
        }
        &'mtls;help;scenario;from'= {
        }
        &'mtls;help;token'= {
            cand verify 'Verify a token: signature, issuer, audience, time, project'
            cand decode 'Show what a token says, without verifying anything'
            cand mint 'Make a test token, signed with a test key'
        }
        &'mtls;help;token;verify'= {
        }
        &'mtls;help;token;decode'= {
        }
        &'mtls;help;token;mint'= {
        }
        &'mtls;help;generate'= {
            cand rules 'Print the rule reference, Markdown'
            cand stacks 'Print the table of verifiers: which one rejects which chain, Markdown'
            cand completions 'Print completions for a shell: bash, zsh, fish, powershell, elvish'
            cand man 'Print the manual page of the program, or of a command'
            cand schemas 'Write the JSON Schemas of what `--format json` and `jsonl` print'
            cand profile-schema 'Print the JSON Schema of a sender profile'
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
        &'mtls;help;version'= {
        }
        &'mtls;help;help'= {
        }
    ]
    $completions[$command]
}
