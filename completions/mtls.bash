_mtls() {
    local i cur prev opts cmd
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    if [[ "${cur}" == "=" ]]; then
        cur=""
    elif [[ "${prev}" == "=" ]]; then
        prev="${COMP_WORDS[COMP_CWORD-2]}"
    fi
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="mtls"
                ;;
            mtls,case)
                cmd="mtls__subcmd__case"
                ;;
            mtls,demo)
                cmd="mtls__subcmd__demo"
                ;;
            mtls,diff)
                cmd="mtls__subcmd__diff"
                ;;
            mtls,explain)
                cmd="mtls__subcmd__explain"
                ;;
            mtls,generate)
                cmd="mtls__subcmd__generate"
                ;;
            mtls,help)
                cmd="mtls__subcmd__help"
                ;;
            mtls,inspect)
                cmd="mtls__subcmd__inspect"
                ;;
            mtls,lint)
                cmd="mtls__subcmd__lint"
                ;;
            mtls,listen)
                cmd="mtls__subcmd__listen"
                ;;
            mtls,pki)
                cmd="mtls__subcmd__pki"
                ;;
            mtls,profiles)
                cmd="mtls__subcmd__profiles"
                ;;
            mtls,scenario)
                cmd="mtls__subcmd__scenario"
                ;;
            mtls,simulate)
                cmd="mtls__subcmd__simulate"
                ;;
            mtls,token)
                cmd="mtls__subcmd__token"
                ;;
            mtls,version)
                cmd="mtls__subcmd__version"
                ;;
            mtls__subcmd__case,export)
                cmd="mtls__subcmd__case__subcmd__export"
                ;;
            mtls__subcmd__case,help)
                cmd="mtls__subcmd__case__subcmd__help"
                ;;
            mtls__subcmd__case,redact)
                cmd="mtls__subcmd__case__subcmd__redact"
                ;;
            mtls__subcmd__case,show)
                cmd="mtls__subcmd__case__subcmd__show"
                ;;
            mtls__subcmd__case__subcmd__help,export)
                cmd="mtls__subcmd__case__subcmd__help__subcmd__export"
                ;;
            mtls__subcmd__case__subcmd__help,help)
                cmd="mtls__subcmd__case__subcmd__help__subcmd__help"
                ;;
            mtls__subcmd__case__subcmd__help,redact)
                cmd="mtls__subcmd__case__subcmd__help__subcmd__redact"
                ;;
            mtls__subcmd__case__subcmd__help,show)
                cmd="mtls__subcmd__case__subcmd__help__subcmd__show"
                ;;
            mtls__subcmd__generate,completions)
                cmd="mtls__subcmd__generate__subcmd__completions"
                ;;
            mtls__subcmd__generate,help)
                cmd="mtls__subcmd__generate__subcmd__help"
                ;;
            mtls__subcmd__generate,man)
                cmd="mtls__subcmd__generate__subcmd__man"
                ;;
            mtls__subcmd__generate,profile-schema)
                cmd="mtls__subcmd__generate__subcmd__profile__subcmd__schema"
                ;;
            mtls__subcmd__generate,rules)
                cmd="mtls__subcmd__generate__subcmd__rules"
                ;;
            mtls__subcmd__generate,schemas)
                cmd="mtls__subcmd__generate__subcmd__schemas"
                ;;
            mtls__subcmd__generate,stacks)
                cmd="mtls__subcmd__generate__subcmd__stacks"
                ;;
            mtls__subcmd__generate__subcmd__help,completions)
                cmd="mtls__subcmd__generate__subcmd__help__subcmd__completions"
                ;;
            mtls__subcmd__generate__subcmd__help,help)
                cmd="mtls__subcmd__generate__subcmd__help__subcmd__help"
                ;;
            mtls__subcmd__generate__subcmd__help,man)
                cmd="mtls__subcmd__generate__subcmd__help__subcmd__man"
                ;;
            mtls__subcmd__generate__subcmd__help,profile-schema)
                cmd="mtls__subcmd__generate__subcmd__help__subcmd__profile__subcmd__schema"
                ;;
            mtls__subcmd__generate__subcmd__help,rules)
                cmd="mtls__subcmd__generate__subcmd__help__subcmd__rules"
                ;;
            mtls__subcmd__generate__subcmd__help,schemas)
                cmd="mtls__subcmd__generate__subcmd__help__subcmd__schemas"
                ;;
            mtls__subcmd__generate__subcmd__help,stacks)
                cmd="mtls__subcmd__generate__subcmd__help__subcmd__stacks"
                ;;
            mtls__subcmd__help,case)
                cmd="mtls__subcmd__help__subcmd__case"
                ;;
            mtls__subcmd__help,demo)
                cmd="mtls__subcmd__help__subcmd__demo"
                ;;
            mtls__subcmd__help,diff)
                cmd="mtls__subcmd__help__subcmd__diff"
                ;;
            mtls__subcmd__help,explain)
                cmd="mtls__subcmd__help__subcmd__explain"
                ;;
            mtls__subcmd__help,generate)
                cmd="mtls__subcmd__help__subcmd__generate"
                ;;
            mtls__subcmd__help,help)
                cmd="mtls__subcmd__help__subcmd__help"
                ;;
            mtls__subcmd__help,inspect)
                cmd="mtls__subcmd__help__subcmd__inspect"
                ;;
            mtls__subcmd__help,lint)
                cmd="mtls__subcmd__help__subcmd__lint"
                ;;
            mtls__subcmd__help,listen)
                cmd="mtls__subcmd__help__subcmd__listen"
                ;;
            mtls__subcmd__help,pki)
                cmd="mtls__subcmd__help__subcmd__pki"
                ;;
            mtls__subcmd__help,profiles)
                cmd="mtls__subcmd__help__subcmd__profiles"
                ;;
            mtls__subcmd__help,scenario)
                cmd="mtls__subcmd__help__subcmd__scenario"
                ;;
            mtls__subcmd__help,simulate)
                cmd="mtls__subcmd__help__subcmd__simulate"
                ;;
            mtls__subcmd__help,token)
                cmd="mtls__subcmd__help__subcmd__token"
                ;;
            mtls__subcmd__help,version)
                cmd="mtls__subcmd__help__subcmd__version"
                ;;
            mtls__subcmd__help__subcmd__case,export)
                cmd="mtls__subcmd__help__subcmd__case__subcmd__export"
                ;;
            mtls__subcmd__help__subcmd__case,redact)
                cmd="mtls__subcmd__help__subcmd__case__subcmd__redact"
                ;;
            mtls__subcmd__help__subcmd__case,show)
                cmd="mtls__subcmd__help__subcmd__case__subcmd__show"
                ;;
            mtls__subcmd__help__subcmd__generate,completions)
                cmd="mtls__subcmd__help__subcmd__generate__subcmd__completions"
                ;;
            mtls__subcmd__help__subcmd__generate,man)
                cmd="mtls__subcmd__help__subcmd__generate__subcmd__man"
                ;;
            mtls__subcmd__help__subcmd__generate,profile-schema)
                cmd="mtls__subcmd__help__subcmd__generate__subcmd__profile__subcmd__schema"
                ;;
            mtls__subcmd__help__subcmd__generate,rules)
                cmd="mtls__subcmd__help__subcmd__generate__subcmd__rules"
                ;;
            mtls__subcmd__help__subcmd__generate,schemas)
                cmd="mtls__subcmd__help__subcmd__generate__subcmd__schemas"
                ;;
            mtls__subcmd__help__subcmd__generate,stacks)
                cmd="mtls__subcmd__help__subcmd__generate__subcmd__stacks"
                ;;
            mtls__subcmd__help__subcmd__profiles,check)
                cmd="mtls__subcmd__help__subcmd__profiles__subcmd__check"
                ;;
            mtls__subcmd__help__subcmd__profiles,pem)
                cmd="mtls__subcmd__help__subcmd__profiles__subcmd__pem"
                ;;
            mtls__subcmd__help__subcmd__profiles,show)
                cmd="mtls__subcmd__help__subcmd__profiles__subcmd__show"
                ;;
            mtls__subcmd__help__subcmd__scenario,from)
                cmd="mtls__subcmd__help__subcmd__scenario__subcmd__from"
                ;;
            mtls__subcmd__help__subcmd__token,decode)
                cmd="mtls__subcmd__help__subcmd__token__subcmd__decode"
                ;;
            mtls__subcmd__help__subcmd__token,mint)
                cmd="mtls__subcmd__help__subcmd__token__subcmd__mint"
                ;;
            mtls__subcmd__help__subcmd__token,verify)
                cmd="mtls__subcmd__help__subcmd__token__subcmd__verify"
                ;;
            mtls__subcmd__profiles,check)
                cmd="mtls__subcmd__profiles__subcmd__check"
                ;;
            mtls__subcmd__profiles,help)
                cmd="mtls__subcmd__profiles__subcmd__help"
                ;;
            mtls__subcmd__profiles,pem)
                cmd="mtls__subcmd__profiles__subcmd__pem"
                ;;
            mtls__subcmd__profiles,show)
                cmd="mtls__subcmd__profiles__subcmd__show"
                ;;
            mtls__subcmd__profiles__subcmd__help,check)
                cmd="mtls__subcmd__profiles__subcmd__help__subcmd__check"
                ;;
            mtls__subcmd__profiles__subcmd__help,help)
                cmd="mtls__subcmd__profiles__subcmd__help__subcmd__help"
                ;;
            mtls__subcmd__profiles__subcmd__help,pem)
                cmd="mtls__subcmd__profiles__subcmd__help__subcmd__pem"
                ;;
            mtls__subcmd__profiles__subcmd__help,show)
                cmd="mtls__subcmd__profiles__subcmd__help__subcmd__show"
                ;;
            mtls__subcmd__scenario,from)
                cmd="mtls__subcmd__scenario__subcmd__from"
                ;;
            mtls__subcmd__scenario,help)
                cmd="mtls__subcmd__scenario__subcmd__help"
                ;;
            mtls__subcmd__scenario__subcmd__help,from)
                cmd="mtls__subcmd__scenario__subcmd__help__subcmd__from"
                ;;
            mtls__subcmd__scenario__subcmd__help,help)
                cmd="mtls__subcmd__scenario__subcmd__help__subcmd__help"
                ;;
            mtls__subcmd__token,decode)
                cmd="mtls__subcmd__token__subcmd__decode"
                ;;
            mtls__subcmd__token,help)
                cmd="mtls__subcmd__token__subcmd__help"
                ;;
            mtls__subcmd__token,mint)
                cmd="mtls__subcmd__token__subcmd__mint"
                ;;
            mtls__subcmd__token,verify)
                cmd="mtls__subcmd__token__subcmd__verify"
                ;;
            mtls__subcmd__token__subcmd__help,decode)
                cmd="mtls__subcmd__token__subcmd__help__subcmd__decode"
                ;;
            mtls__subcmd__token__subcmd__help,help)
                cmd="mtls__subcmd__token__subcmd__help__subcmd__help"
                ;;
            mtls__subcmd__token__subcmd__help,mint)
                cmd="mtls__subcmd__token__subcmd__help__subcmd__mint"
                ;;
            mtls__subcmd__token__subcmd__help,verify)
                cmd="mtls__subcmd__token__subcmd__help__subcmd__verify"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        mtls)
            opts="-h -V --config --no-config --help --version demo lint diff listen inspect simulate explain pki profiles case scenario token generate version help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__case)
            opts="-h --config --no-config --help show redact export help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__case__subcmd__export)
            opts="-h --out --config --no-config --help har curl hurl"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --out)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__case__subcmd__help)
            opts="show redact export help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__case__subcmd__help__subcmd__export)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__case__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__case__subcmd__help__subcmd__redact)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__case__subcmd__help__subcmd__show)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__case__subcmd__redact)
            opts="-h --out --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --out)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__case__subcmd__show)
            opts="-v -h --verbose --color --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__demo)
            opts="-v -h --verbose --color --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__diff)
            opts="-h --profile --would-accept --cacert --server --pass --at-time --format --color --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect" -- "${cur}"))
                    return 0
                    ;;
                --would-accept)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --server)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pass)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --at-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text json markdown" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__explain)
            opts="-v -k -h --all --verbose --format --color --profile --attime --at-time --with --host --cert --key --pass --client-ca --cacert --role --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect" -- "${cur}"))
                    return 0
                    ;;
                --at-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --attime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --with)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --host)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --key)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -k)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pass)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --client-ca)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --role)
                    COMPREPLY=($(compgen -W "client server" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate)
            opts="-h --config --no-config --help rules stacks completions man schemas profile-schema help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__completions)
            opts="-h --dir --config --no-config --help bash elvish fish powershell zsh"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --dir)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__help)
            opts="rules stacks completions man schemas profile-schema help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__help__subcmd__completions)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__help__subcmd__man)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__help__subcmd__profile__subcmd__schema)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__help__subcmd__rules)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__help__subcmd__schemas)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__help__subcmd__stacks)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__man)
            opts="-h --dir --config --no-config --help demo lint diff listen inspect simulate explain pki profiles case scenario token generate"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --dir)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__profile__subcmd__schema)
            opts="-h --out --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --out)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__rules)
            opts="-h --out --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --out)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__schemas)
            opts="-h --dir --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --dir)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__generate__subcmd__stacks)
            opts="-h --out --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --out)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help)
            opts="demo lint diff listen inspect simulate explain pki profiles case scenario token generate version help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__case)
            opts="show redact export"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__case__subcmd__export)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__case__subcmd__redact)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__case__subcmd__show)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__demo)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__diff)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__explain)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__generate)
            opts="rules stacks completions man schemas profile-schema"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__generate__subcmd__completions)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__generate__subcmd__man)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__generate__subcmd__profile__subcmd__schema)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__generate__subcmd__rules)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__generate__subcmd__schemas)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__generate__subcmd__stacks)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__inspect)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__lint)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__listen)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__pki)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__profiles)
            opts="show pem check"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__profiles__subcmd__check)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__profiles__subcmd__pem)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__profiles__subcmd__show)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__scenario)
            opts="from"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__scenario__subcmd__from)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__simulate)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__token)
            opts="verify decode mint"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__token__subcmd__decode)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__token__subcmd__mint)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__token__subcmd__verify)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__help__subcmd__version)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__inspect)
            opts="-E -x -t -m -H -p -j -o -v -q -w -c -h --no-default-roots --stack --strict --at-time --cacert --profile --fetch --fetch-private --fail-on --exit-zero --cert --key --client --pki --sni --resolve --connect-to --proxy --tlsv1.2 --tlsv1.3 --tls-max --http1.1 --no-alpn --connect-timeout --answer-timeout --max-time --hostname --port --targets --jobs --rate --shard --resume --thorough --select --ignore --baseline --format --output --verbose --quiet --color --show-secrets --short --pem --pass --warn-days --fail-days --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --stack)
                    COMPREPLY=($(compgen -W "nginx apache haproxy node curl caddy traefik kubernetes envoy istio jdk tomcat cryptography openssl openssl-strict go rustls java boringssl pyca python" -- "${cur}"))
                    return 0
                    ;;
                --at-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect" -- "${cur}"))
                    return 0
                    ;;
                --fail-on)
                    COMPREPLY=($(compgen -W "error warning note never" -- "${cur}"))
                    return 0
                    ;;
                --cert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -E)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --key)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --client)
                    COMPREPLY=($(compgen -W "none valid cert-not-sent self-signed unknown-ca missing-intermediate expired not-yet-valid intermediate-expired root-expired eku-serverauth-only wrong-key-usage intermediate-not-ca pathlen-exceeded name-constraint-violation unknown-critical-extension bad-signature x509-v1 sha1-signed rsa1024 revoked" -- "${cur}"))
                    return 0
                    ;;
                --pki)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sni)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --resolve)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --connect-to)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -x)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --tls-max)
                    COMPREPLY=($(compgen -W "1.2 1.3" -- "${cur}"))
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -t)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --answer-timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -m)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hostname)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -H)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --port)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --targets)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --jobs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -j)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --rate)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --shard)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --resume)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --select)
                    COMPREPLY=($(compgen -W "MT101 file-empty MT102 der-in-place-of-pem MT103 pkcs12-in-place-of-pem MT104 pkcs7-in-place-of-pem MT105 java-keystore MT106 request-in-place-of-certificate MT107 public-key-in-place-of-private MT108 key-and-certificate-swapped MT109 trusted-certificate-label MT110 pem-block-broken MT111 pem-marker-malformed MT112 byte-order-mark MT113 utf16-file MT114 carriage-returns MT115 text-around-blocks MT116 escaped-line-breaks MT117 nothing-usable-in-file MT118 key-encrypted MT119 legacy-key-encryption MT120 key-unreadable MT121 key-file-open-to-others MT122 key-among-certificates MT123 several-private-keys MT124 trailing-bytes MT125 uneven-pem-lines MT126 no-final-line-break MT127 old-pem-label MT128 revocation-list-missing MT129 revocation-list-out-of-date MT130 revocation-list-unusable MT131 request-signature-invalid MT132 request-key-differs MT133 request-lacks-name MT134 request-not-certifiable MT140 key-does-not-match-leaf MT141 key-comparison-impossible MT142 key-without-certificate MT143 certificate-without-key MT201 certificate-expired MT202 certificate-not-yet-valid MT203 missing-intermediate MT204 weak-key MT205 weak-signature-algorithm MT206 certificate-version-one MT207 unknown-critical-extension MT208 intermediate-not-a-ca MT209 path-length-exceeded MT210 name-constraint-violated MT211 certificate-signature-broken MT212 unreadable-certificate MT213 root-sent-along MT214 authority-key-identifier-missing MT215 authority-key-identifier-empty MT216 root-key-identifiers-differ MT217 subject-key-identifier-missing MT218 extension-not-critical MT219 extension-wrongly-critical MT220 extension-criticality-unusual MT221 path-length-without-authority MT222 authority-key-usage-missing MT223 key-usage-empty MT224 leaf-signs-certificates MT225 cert-sign-without-authority MT226 key-usage-unfit-for-key MT227 key-usage-unfit-for-purpose MT228 extended-key-usage-missing MT229 server-usages-mixed MT230 any-extended-key-usage MT231 client-auth-in-server-certificate MT232 root-with-extended-key-usage MT233 serial-number-not-positive MT234 serial-number-too-long MT235 validity-badly-encoded MT236 validity-negative MT237 name-empty MT238 extension-twice MT239 extension-unreadable MT240 name-constraints-in-leaf MT241 alternative-names-empty MT242 alternative-names-not-critical MT243 alternative-names-critical MT244 alternative-name-kind MT245 alternative-name-twice MT246 internal-name MT247 common-name-not-listed MT248 several-common-names MT249 wildcard-misplaced MT250 wildcard-over-public-suffix MT251 dns-name-malformed MT252 dns-name-underscore MT253 top-level-domain-unknown MT254 rsa-modulus-uneven MT255 rsa-exponent-weak MT256 rsa-primes-close MT257 curve-unusual MT258 curve-spelled-out MT259 key-type-unknown MT260 dsa-key MT261 signature-algorithm-uncommon MT262 validity-too-long MT263 staple-revoked MT264 staple-unusable MT266 expires-soon MT267 outlived-by-leaf MT268 chain-out-of-order MT269 certificate-twice MT270 stranger-in-chain MT271 multiple-leaf-certificates MT272 host-not-covered MT273 common-name-only MT274 purpose-wrong MT275 ca-used-as-leaf MT276 issuer-unknown MT277 self-signed-leaf MT278 custom-ca-key-usage MT279 custom-ca-upload-needed MT280 client-auth-retires MT281 signature-bits-unused MT282 encoding-unusual MT283 ca-excludes-hosts MT284 certificate-revoked MT301 tls-version-too-old MT302 no-sni MT303 no-shared-parameters MT304 alpn-without-http MT401 client-certificate-not-sent MT402 client-self-signed MT403 client-issuer-unknown MT404 client-purpose-wrong MT405 client-signature-invalid MT406 server-certificate-rejected MT407 verify-depth-cut MT408 sender-legacy-certificate MT409 sender-not-recognised MT410 chain-not-trusted MT411 anchor-is-not-a-ca MT412 intermediate-in-place-of-root MT413 anchor-expired MT414 anchor-expires-soon MT415 anchor-twice MT416 anchor-too-weak MT417 client-ca-lacks-sender MT418 client-ca-legacy-only MT419 legacy-anchors-left-over MT420 client-wrongly-accepted MT421 client-wrongly-refused MT422 expectation-unmet MT423 client-certificate-not-asked MT424 webhook-certificate-refused MT425 ca-names-lack-sender MT426 signature-not-checked MT427 server-signature-invalid MT428 peer-refused MT430 site-lets-in-without-certificate MT431 site-verifies-nothing MT432 site-asks-for-no-certificate MT433 site-depth-too-small MT434 site-pins-out-sender MT435 site-file-unreadable MT436 site-old-protocols MT437 site-client-ca-missing MT438 site-not-understood MT439 site-subject-not-checked MT440 site-bearer-not-checked MT441 site-header-spoofable MT442 living-on-fallback MT445 verifiers-disagree MT446 identity-unexpected MT450 site-does-not-start MT451 site-without-effect MT452 site-revocation-list-in-use MT453 client-not-accepted MT454 public-roots-for-clients MT460 sender-needs-ca-names MT461 client-ca-admits MT462 ca-names-too-long MT463 site-tls-too-new-for-sender MT464 site-subject-match-unanchored MT501 body-not-json MT502 no-credential MT503 request-limit-hit MT504 not-a-webhook-request MT505 webhook-status-not-ok MT506 webhook-redirects MT507 webhook-answer-not-json MT508 webhook-answer-misfit MT509 webhook-answer-too-large MT510 webhook-too-slow MT511 webhook-content-type MT512 webhook-answer-unreadable MT513 request-abandoned MT514 requests-not-kept MT515 webhook-answer-ignored MT520 token-missing MT521 token-malformed MT522 token-opaque MT523 token-algorithm-refused MT524 token-key-unknown MT525 token-signature-bad MT526 token-signature-not-checked MT527 token-expired MT528 token-not-yet-valid MT529 token-wrong-issuer MT530 token-wrong-audience MT531 token-wrong-project MT532 session-parameter-missing MT533 token-sender-not-named MT540 forward-down MT541 forward-slow MT542 forward-broke-off MT543 forward-header-spoofed MT544 forward-status-not-ok MT901 plain-http-on-tls-port MT902 proxy-protocol-header MT903 ssh-on-tls-port MT904 silent-connection MT905 not-tls MT906 handshake-cut-short MT907 connection-limit-hit MT908 protocol-broken MT910 webhook-unreachable MT911 webhook-speaks-no-tls MT912 webhook-handshake-failed MT913 inspection-failed" -- "${cur}"))
                    return 0
                    ;;
                --ignore)
                    COMPREPLY=($(compgen -W "MT101 file-empty MT102 der-in-place-of-pem MT103 pkcs12-in-place-of-pem MT104 pkcs7-in-place-of-pem MT105 java-keystore MT106 request-in-place-of-certificate MT107 public-key-in-place-of-private MT108 key-and-certificate-swapped MT109 trusted-certificate-label MT110 pem-block-broken MT111 pem-marker-malformed MT112 byte-order-mark MT113 utf16-file MT114 carriage-returns MT115 text-around-blocks MT116 escaped-line-breaks MT117 nothing-usable-in-file MT118 key-encrypted MT119 legacy-key-encryption MT120 key-unreadable MT121 key-file-open-to-others MT122 key-among-certificates MT123 several-private-keys MT124 trailing-bytes MT125 uneven-pem-lines MT126 no-final-line-break MT127 old-pem-label MT128 revocation-list-missing MT129 revocation-list-out-of-date MT130 revocation-list-unusable MT131 request-signature-invalid MT132 request-key-differs MT133 request-lacks-name MT134 request-not-certifiable MT140 key-does-not-match-leaf MT141 key-comparison-impossible MT142 key-without-certificate MT143 certificate-without-key MT201 certificate-expired MT202 certificate-not-yet-valid MT203 missing-intermediate MT204 weak-key MT205 weak-signature-algorithm MT206 certificate-version-one MT207 unknown-critical-extension MT208 intermediate-not-a-ca MT209 path-length-exceeded MT210 name-constraint-violated MT211 certificate-signature-broken MT212 unreadable-certificate MT213 root-sent-along MT214 authority-key-identifier-missing MT215 authority-key-identifier-empty MT216 root-key-identifiers-differ MT217 subject-key-identifier-missing MT218 extension-not-critical MT219 extension-wrongly-critical MT220 extension-criticality-unusual MT221 path-length-without-authority MT222 authority-key-usage-missing MT223 key-usage-empty MT224 leaf-signs-certificates MT225 cert-sign-without-authority MT226 key-usage-unfit-for-key MT227 key-usage-unfit-for-purpose MT228 extended-key-usage-missing MT229 server-usages-mixed MT230 any-extended-key-usage MT231 client-auth-in-server-certificate MT232 root-with-extended-key-usage MT233 serial-number-not-positive MT234 serial-number-too-long MT235 validity-badly-encoded MT236 validity-negative MT237 name-empty MT238 extension-twice MT239 extension-unreadable MT240 name-constraints-in-leaf MT241 alternative-names-empty MT242 alternative-names-not-critical MT243 alternative-names-critical MT244 alternative-name-kind MT245 alternative-name-twice MT246 internal-name MT247 common-name-not-listed MT248 several-common-names MT249 wildcard-misplaced MT250 wildcard-over-public-suffix MT251 dns-name-malformed MT252 dns-name-underscore MT253 top-level-domain-unknown MT254 rsa-modulus-uneven MT255 rsa-exponent-weak MT256 rsa-primes-close MT257 curve-unusual MT258 curve-spelled-out MT259 key-type-unknown MT260 dsa-key MT261 signature-algorithm-uncommon MT262 validity-too-long MT263 staple-revoked MT264 staple-unusable MT266 expires-soon MT267 outlived-by-leaf MT268 chain-out-of-order MT269 certificate-twice MT270 stranger-in-chain MT271 multiple-leaf-certificates MT272 host-not-covered MT273 common-name-only MT274 purpose-wrong MT275 ca-used-as-leaf MT276 issuer-unknown MT277 self-signed-leaf MT278 custom-ca-key-usage MT279 custom-ca-upload-needed MT280 client-auth-retires MT281 signature-bits-unused MT282 encoding-unusual MT283 ca-excludes-hosts MT284 certificate-revoked MT301 tls-version-too-old MT302 no-sni MT303 no-shared-parameters MT304 alpn-without-http MT401 client-certificate-not-sent MT402 client-self-signed MT403 client-issuer-unknown MT404 client-purpose-wrong MT405 client-signature-invalid MT406 server-certificate-rejected MT407 verify-depth-cut MT408 sender-legacy-certificate MT409 sender-not-recognised MT410 chain-not-trusted MT411 anchor-is-not-a-ca MT412 intermediate-in-place-of-root MT413 anchor-expired MT414 anchor-expires-soon MT415 anchor-twice MT416 anchor-too-weak MT417 client-ca-lacks-sender MT418 client-ca-legacy-only MT419 legacy-anchors-left-over MT420 client-wrongly-accepted MT421 client-wrongly-refused MT422 expectation-unmet MT423 client-certificate-not-asked MT424 webhook-certificate-refused MT425 ca-names-lack-sender MT426 signature-not-checked MT427 server-signature-invalid MT428 peer-refused MT430 site-lets-in-without-certificate MT431 site-verifies-nothing MT432 site-asks-for-no-certificate MT433 site-depth-too-small MT434 site-pins-out-sender MT435 site-file-unreadable MT436 site-old-protocols MT437 site-client-ca-missing MT438 site-not-understood MT439 site-subject-not-checked MT440 site-bearer-not-checked MT441 site-header-spoofable MT442 living-on-fallback MT445 verifiers-disagree MT446 identity-unexpected MT450 site-does-not-start MT451 site-without-effect MT452 site-revocation-list-in-use MT453 client-not-accepted MT454 public-roots-for-clients MT460 sender-needs-ca-names MT461 client-ca-admits MT462 ca-names-too-long MT463 site-tls-too-new-for-sender MT464 site-subject-match-unanchored MT501 body-not-json MT502 no-credential MT503 request-limit-hit MT504 not-a-webhook-request MT505 webhook-status-not-ok MT506 webhook-redirects MT507 webhook-answer-not-json MT508 webhook-answer-misfit MT509 webhook-answer-too-large MT510 webhook-too-slow MT511 webhook-content-type MT512 webhook-answer-unreadable MT513 request-abandoned MT514 requests-not-kept MT515 webhook-answer-ignored MT520 token-missing MT521 token-malformed MT522 token-opaque MT523 token-algorithm-refused MT524 token-key-unknown MT525 token-signature-bad MT526 token-signature-not-checked MT527 token-expired MT528 token-not-yet-valid MT529 token-wrong-issuer MT530 token-wrong-audience MT531 token-wrong-project MT532 session-parameter-missing MT533 token-sender-not-named MT540 forward-down MT541 forward-slow MT542 forward-broke-off MT543 forward-header-spoofed MT544 forward-status-not-ok MT901 plain-http-on-tls-port MT902 proxy-protocol-header MT903 ssh-on-tls-port MT904 silent-connection MT905 not-tls MT906 handshake-cut-short MT907 connection-limit-hit MT908 protocol-broken MT910 webhook-unreachable MT911 webhook-speaks-no-tls MT912 webhook-handshake-failed MT913 inspection-failed" -- "${cur}"))
                    return 0
                    ;;
                --baseline)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text concise json jsonl sarif junit github gitlab markdown html prometheus nagios" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --pass)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --warn-days)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -w)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fail-days)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -c)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__lint)
            opts="-k -o -v -q -h --cert --key --client-ca --would-accept --cacert --untrusted --crlfile --pass --no-default-roots --stack --strict --at-time --warn-days --fail-days --role --host --profile --server --max-depth --fetch --fetch-private --select --ignore --baseline --format --output --verbose --quiet --color --fail-on --exit-zero --jobs --fix --out --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --cert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --key)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -k)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --client-ca)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --would-accept)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --untrusted)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --crlfile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pass)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -W "nginx apache haproxy node curl caddy traefik kubernetes envoy istio jdk tomcat cryptography openssl openssl-strict go rustls java boringssl pyca python" -- "${cur}"))
                    return 0
                    ;;
                --at-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --warn-days)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fail-days)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --role)
                    COMPREPLY=($(compgen -W "server client" -- "${cur}"))
                    return 0
                    ;;
                --host)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect" -- "${cur}"))
                    return 0
                    ;;
                --server)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-depth)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --select)
                    COMPREPLY=($(compgen -W "MT101 file-empty MT102 der-in-place-of-pem MT103 pkcs12-in-place-of-pem MT104 pkcs7-in-place-of-pem MT105 java-keystore MT106 request-in-place-of-certificate MT107 public-key-in-place-of-private MT108 key-and-certificate-swapped MT109 trusted-certificate-label MT110 pem-block-broken MT111 pem-marker-malformed MT112 byte-order-mark MT113 utf16-file MT114 carriage-returns MT115 text-around-blocks MT116 escaped-line-breaks MT117 nothing-usable-in-file MT118 key-encrypted MT119 legacy-key-encryption MT120 key-unreadable MT121 key-file-open-to-others MT122 key-among-certificates MT123 several-private-keys MT124 trailing-bytes MT125 uneven-pem-lines MT126 no-final-line-break MT127 old-pem-label MT128 revocation-list-missing MT129 revocation-list-out-of-date MT130 revocation-list-unusable MT131 request-signature-invalid MT132 request-key-differs MT133 request-lacks-name MT134 request-not-certifiable MT140 key-does-not-match-leaf MT141 key-comparison-impossible MT142 key-without-certificate MT143 certificate-without-key MT201 certificate-expired MT202 certificate-not-yet-valid MT203 missing-intermediate MT204 weak-key MT205 weak-signature-algorithm MT206 certificate-version-one MT207 unknown-critical-extension MT208 intermediate-not-a-ca MT209 path-length-exceeded MT210 name-constraint-violated MT211 certificate-signature-broken MT212 unreadable-certificate MT213 root-sent-along MT214 authority-key-identifier-missing MT215 authority-key-identifier-empty MT216 root-key-identifiers-differ MT217 subject-key-identifier-missing MT218 extension-not-critical MT219 extension-wrongly-critical MT220 extension-criticality-unusual MT221 path-length-without-authority MT222 authority-key-usage-missing MT223 key-usage-empty MT224 leaf-signs-certificates MT225 cert-sign-without-authority MT226 key-usage-unfit-for-key MT227 key-usage-unfit-for-purpose MT228 extended-key-usage-missing MT229 server-usages-mixed MT230 any-extended-key-usage MT231 client-auth-in-server-certificate MT232 root-with-extended-key-usage MT233 serial-number-not-positive MT234 serial-number-too-long MT235 validity-badly-encoded MT236 validity-negative MT237 name-empty MT238 extension-twice MT239 extension-unreadable MT240 name-constraints-in-leaf MT241 alternative-names-empty MT242 alternative-names-not-critical MT243 alternative-names-critical MT244 alternative-name-kind MT245 alternative-name-twice MT246 internal-name MT247 common-name-not-listed MT248 several-common-names MT249 wildcard-misplaced MT250 wildcard-over-public-suffix MT251 dns-name-malformed MT252 dns-name-underscore MT253 top-level-domain-unknown MT254 rsa-modulus-uneven MT255 rsa-exponent-weak MT256 rsa-primes-close MT257 curve-unusual MT258 curve-spelled-out MT259 key-type-unknown MT260 dsa-key MT261 signature-algorithm-uncommon MT262 validity-too-long MT263 staple-revoked MT264 staple-unusable MT266 expires-soon MT267 outlived-by-leaf MT268 chain-out-of-order MT269 certificate-twice MT270 stranger-in-chain MT271 multiple-leaf-certificates MT272 host-not-covered MT273 common-name-only MT274 purpose-wrong MT275 ca-used-as-leaf MT276 issuer-unknown MT277 self-signed-leaf MT278 custom-ca-key-usage MT279 custom-ca-upload-needed MT280 client-auth-retires MT281 signature-bits-unused MT282 encoding-unusual MT283 ca-excludes-hosts MT284 certificate-revoked MT301 tls-version-too-old MT302 no-sni MT303 no-shared-parameters MT304 alpn-without-http MT401 client-certificate-not-sent MT402 client-self-signed MT403 client-issuer-unknown MT404 client-purpose-wrong MT405 client-signature-invalid MT406 server-certificate-rejected MT407 verify-depth-cut MT408 sender-legacy-certificate MT409 sender-not-recognised MT410 chain-not-trusted MT411 anchor-is-not-a-ca MT412 intermediate-in-place-of-root MT413 anchor-expired MT414 anchor-expires-soon MT415 anchor-twice MT416 anchor-too-weak MT417 client-ca-lacks-sender MT418 client-ca-legacy-only MT419 legacy-anchors-left-over MT420 client-wrongly-accepted MT421 client-wrongly-refused MT422 expectation-unmet MT423 client-certificate-not-asked MT424 webhook-certificate-refused MT425 ca-names-lack-sender MT426 signature-not-checked MT427 server-signature-invalid MT428 peer-refused MT430 site-lets-in-without-certificate MT431 site-verifies-nothing MT432 site-asks-for-no-certificate MT433 site-depth-too-small MT434 site-pins-out-sender MT435 site-file-unreadable MT436 site-old-protocols MT437 site-client-ca-missing MT438 site-not-understood MT439 site-subject-not-checked MT440 site-bearer-not-checked MT441 site-header-spoofable MT442 living-on-fallback MT445 verifiers-disagree MT446 identity-unexpected MT450 site-does-not-start MT451 site-without-effect MT452 site-revocation-list-in-use MT453 client-not-accepted MT454 public-roots-for-clients MT460 sender-needs-ca-names MT461 client-ca-admits MT462 ca-names-too-long MT463 site-tls-too-new-for-sender MT464 site-subject-match-unanchored MT501 body-not-json MT502 no-credential MT503 request-limit-hit MT504 not-a-webhook-request MT505 webhook-status-not-ok MT506 webhook-redirects MT507 webhook-answer-not-json MT508 webhook-answer-misfit MT509 webhook-answer-too-large MT510 webhook-too-slow MT511 webhook-content-type MT512 webhook-answer-unreadable MT513 request-abandoned MT514 requests-not-kept MT515 webhook-answer-ignored MT520 token-missing MT521 token-malformed MT522 token-opaque MT523 token-algorithm-refused MT524 token-key-unknown MT525 token-signature-bad MT526 token-signature-not-checked MT527 token-expired MT528 token-not-yet-valid MT529 token-wrong-issuer MT530 token-wrong-audience MT531 token-wrong-project MT532 session-parameter-missing MT533 token-sender-not-named MT540 forward-down MT541 forward-slow MT542 forward-broke-off MT543 forward-header-spoofed MT544 forward-status-not-ok MT901 plain-http-on-tls-port MT902 proxy-protocol-header MT903 ssh-on-tls-port MT904 silent-connection MT905 not-tls MT906 handshake-cut-short MT907 connection-limit-hit MT908 protocol-broken MT910 webhook-unreachable MT911 webhook-speaks-no-tls MT912 webhook-handshake-failed MT913 inspection-failed" -- "${cur}"))
                    return 0
                    ;;
                --ignore)
                    COMPREPLY=($(compgen -W "MT101 file-empty MT102 der-in-place-of-pem MT103 pkcs12-in-place-of-pem MT104 pkcs7-in-place-of-pem MT105 java-keystore MT106 request-in-place-of-certificate MT107 public-key-in-place-of-private MT108 key-and-certificate-swapped MT109 trusted-certificate-label MT110 pem-block-broken MT111 pem-marker-malformed MT112 byte-order-mark MT113 utf16-file MT114 carriage-returns MT115 text-around-blocks MT116 escaped-line-breaks MT117 nothing-usable-in-file MT118 key-encrypted MT119 legacy-key-encryption MT120 key-unreadable MT121 key-file-open-to-others MT122 key-among-certificates MT123 several-private-keys MT124 trailing-bytes MT125 uneven-pem-lines MT126 no-final-line-break MT127 old-pem-label MT128 revocation-list-missing MT129 revocation-list-out-of-date MT130 revocation-list-unusable MT131 request-signature-invalid MT132 request-key-differs MT133 request-lacks-name MT134 request-not-certifiable MT140 key-does-not-match-leaf MT141 key-comparison-impossible MT142 key-without-certificate MT143 certificate-without-key MT201 certificate-expired MT202 certificate-not-yet-valid MT203 missing-intermediate MT204 weak-key MT205 weak-signature-algorithm MT206 certificate-version-one MT207 unknown-critical-extension MT208 intermediate-not-a-ca MT209 path-length-exceeded MT210 name-constraint-violated MT211 certificate-signature-broken MT212 unreadable-certificate MT213 root-sent-along MT214 authority-key-identifier-missing MT215 authority-key-identifier-empty MT216 root-key-identifiers-differ MT217 subject-key-identifier-missing MT218 extension-not-critical MT219 extension-wrongly-critical MT220 extension-criticality-unusual MT221 path-length-without-authority MT222 authority-key-usage-missing MT223 key-usage-empty MT224 leaf-signs-certificates MT225 cert-sign-without-authority MT226 key-usage-unfit-for-key MT227 key-usage-unfit-for-purpose MT228 extended-key-usage-missing MT229 server-usages-mixed MT230 any-extended-key-usage MT231 client-auth-in-server-certificate MT232 root-with-extended-key-usage MT233 serial-number-not-positive MT234 serial-number-too-long MT235 validity-badly-encoded MT236 validity-negative MT237 name-empty MT238 extension-twice MT239 extension-unreadable MT240 name-constraints-in-leaf MT241 alternative-names-empty MT242 alternative-names-not-critical MT243 alternative-names-critical MT244 alternative-name-kind MT245 alternative-name-twice MT246 internal-name MT247 common-name-not-listed MT248 several-common-names MT249 wildcard-misplaced MT250 wildcard-over-public-suffix MT251 dns-name-malformed MT252 dns-name-underscore MT253 top-level-domain-unknown MT254 rsa-modulus-uneven MT255 rsa-exponent-weak MT256 rsa-primes-close MT257 curve-unusual MT258 curve-spelled-out MT259 key-type-unknown MT260 dsa-key MT261 signature-algorithm-uncommon MT262 validity-too-long MT263 staple-revoked MT264 staple-unusable MT266 expires-soon MT267 outlived-by-leaf MT268 chain-out-of-order MT269 certificate-twice MT270 stranger-in-chain MT271 multiple-leaf-certificates MT272 host-not-covered MT273 common-name-only MT274 purpose-wrong MT275 ca-used-as-leaf MT276 issuer-unknown MT277 self-signed-leaf MT278 custom-ca-key-usage MT279 custom-ca-upload-needed MT280 client-auth-retires MT281 signature-bits-unused MT282 encoding-unusual MT283 ca-excludes-hosts MT284 certificate-revoked MT301 tls-version-too-old MT302 no-sni MT303 no-shared-parameters MT304 alpn-without-http MT401 client-certificate-not-sent MT402 client-self-signed MT403 client-issuer-unknown MT404 client-purpose-wrong MT405 client-signature-invalid MT406 server-certificate-rejected MT407 verify-depth-cut MT408 sender-legacy-certificate MT409 sender-not-recognised MT410 chain-not-trusted MT411 anchor-is-not-a-ca MT412 intermediate-in-place-of-root MT413 anchor-expired MT414 anchor-expires-soon MT415 anchor-twice MT416 anchor-too-weak MT417 client-ca-lacks-sender MT418 client-ca-legacy-only MT419 legacy-anchors-left-over MT420 client-wrongly-accepted MT421 client-wrongly-refused MT422 expectation-unmet MT423 client-certificate-not-asked MT424 webhook-certificate-refused MT425 ca-names-lack-sender MT426 signature-not-checked MT427 server-signature-invalid MT428 peer-refused MT430 site-lets-in-without-certificate MT431 site-verifies-nothing MT432 site-asks-for-no-certificate MT433 site-depth-too-small MT434 site-pins-out-sender MT435 site-file-unreadable MT436 site-old-protocols MT437 site-client-ca-missing MT438 site-not-understood MT439 site-subject-not-checked MT440 site-bearer-not-checked MT441 site-header-spoofable MT442 living-on-fallback MT445 verifiers-disagree MT446 identity-unexpected MT450 site-does-not-start MT451 site-without-effect MT452 site-revocation-list-in-use MT453 client-not-accepted MT454 public-roots-for-clients MT460 sender-needs-ca-names MT461 client-ca-admits MT462 ca-names-too-long MT463 site-tls-too-new-for-sender MT464 site-subject-match-unanchored MT501 body-not-json MT502 no-credential MT503 request-limit-hit MT504 not-a-webhook-request MT505 webhook-status-not-ok MT506 webhook-redirects MT507 webhook-answer-not-json MT508 webhook-answer-misfit MT509 webhook-answer-too-large MT510 webhook-too-slow MT511 webhook-content-type MT512 webhook-answer-unreadable MT513 request-abandoned MT514 requests-not-kept MT515 webhook-answer-ignored MT520 token-missing MT521 token-malformed MT522 token-opaque MT523 token-algorithm-refused MT524 token-key-unknown MT525 token-signature-bad MT526 token-signature-not-checked MT527 token-expired MT528 token-not-yet-valid MT529 token-wrong-issuer MT530 token-wrong-audience MT531 token-wrong-project MT532 session-parameter-missing MT533 token-sender-not-named MT540 forward-down MT541 forward-slow MT542 forward-broke-off MT543 forward-header-spoofed MT544 forward-status-not-ok MT901 plain-http-on-tls-port MT902 proxy-protocol-header MT903 ssh-on-tls-port MT904 silent-connection MT905 not-tls MT906 handshake-cut-short MT907 connection-limit-hit MT908 protocol-broken MT910 webhook-unreachable MT911 webhook-speaks-no-tls MT912 webhook-handshake-failed MT913 inspection-failed" -- "${cur}"))
                    return 0
                    ;;
                --baseline)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text concise json jsonl sarif junit github gitlab markdown html" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --fail-on)
                    COMPREPLY=($(compgen -W "error warning note never" -- "${cur}"))
                    return 0
                    ;;
                --jobs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --out)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__listen)
            opts="-l -E -k -o -v -q -h --listen --client-auth --enforce --verify-depth --max-depth --partial-chain --tlsv1.3 --tls-max --cert --cert-chain --key --pass --client-ca --crlfile --profile --sender --no-default-roots --respond --status --delay --forward-to --forward-path --forward-headers --forward-unverified --forward-timeout --forward-connect-timeout --forward-resolve --forward-cacert --forward-skip-verify --forward-sni --forward-cert --forward-key --jwks --audience --project-number --issuer --skew --verify-token --expect-parameter --allow-cn --allow-ou --allow-dns --allow-uri --allow-spki --format --output --verbose --short --quiet --color --show-secrets --openssl-labels --keylog --ui --ui-keep --record --record-only --record-max-files --record-max-bytes --save-certs --fail-on --exit-zero --at-time --count --timeout --expect --handshake-timeout --request-timeout --max-header --max-body --max-kept --max-connections --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --listen)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -l)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --client-auth)
                    COMPREPLY=($(compgen -W "none request require" -- "${cur}"))
                    return 0
                    ;;
                --verify-depth)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-depth)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --tls-max)
                    COMPREPLY=($(compgen -W "1.2 1.3" -- "${cur}"))
                    return 0
                    ;;
                --cert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -E)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cert-chain)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --key)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -k)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pass)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --client-ca)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --crlfile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect" -- "${cur}"))
                    return 0
                    ;;
                --sender)
                    COMPREPLY=($(compgen -W "dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect" -- "${cur}"))
                    return 0
                    ;;
                --respond)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --status)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --delay)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --forward-to)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --forward-path)
                    COMPREPLY=($(compgen -W "keep replace" -- "${cur}"))
                    return 0
                    ;;
                --forward-headers)
                    COMPREPLY=($(compgen -W "all x-mtls client-cert xfcc none" -- "${cur}"))
                    return 0
                    ;;
                --forward-timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --forward-connect-timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --forward-resolve)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --forward-cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --forward-sni)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --forward-cert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --forward-key)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --jwks)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --audience)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --project-number)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --issuer)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --skew)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --expect-parameter)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-cn)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-ou)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-dns)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-uri)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-spki)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text concise json jsonl junit markdown html openssl" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --openssl-labels)
                    COMPREPLY=($(compgen -W "3.0 1.1.1" -- "${cur}"))
                    return 0
                    ;;
                --keylog)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ui)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ui-keep)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --record)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --record-only)
                    COMPREPLY=($(compgen -W "all failed" -- "${cur}"))
                    return 0
                    ;;
                --record-max-files)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --record-max-bytes)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --save-certs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fail-on)
                    COMPREPLY=($(compgen -W "error warning note never" -- "${cur}"))
                    return 0
                    ;;
                --at-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --count)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --expect)
                    COMPREPLY=($(compgen -W "mtls no-mtls token" -- "${cur}"))
                    return 0
                    ;;
                --handshake-timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --request-timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-header)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-body)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-kept)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-connections)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__pki)
            opts="-h --profile --host --rsa --at-time --format --color --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect" -- "${cur}"))
                    return 0
                    ;;
                --host)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --at-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__profiles)
            opts="-h --within --at-time --format --color --config --no-config --help show pem check help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --within)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --at-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text json ics prometheus" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__profiles__subcmd__check)
            opts="-h --format --color --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format)
                    COMPREPLY=($(compgen -W "text json ics prometheus" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__profiles__subcmd__help)
            opts="show pem check help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__profiles__subcmd__help__subcmd__check)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__profiles__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__profiles__subcmd__help__subcmd__pem)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__profiles__subcmd__help__subcmd__show)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__profiles__subcmd__pem)
            opts="-h --all --format --color --config --no-config --help dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect ssl-com-root-rsa gts-root-r1 gts-root-r2 gts-root-r3 gts-root-r4 globalsign-ecc-r4 cloudflare-origin-pull digicert-global-root-g2 digicert-global-root-ca digicert-global-root-g3 digicert-high-assurance-ev digicert-assured-id-root-ca digicert-assured-id-root-g2 digicert-assured-id-root-g3 digicert-trusted-root-g4 digicert-tls-rsa4096-root-g5 digicert-tls-ecc-p384-root-g5 tesla-motors-root tesla-product-rsa-root tesla-product-root tesla-root"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format)
                    COMPREPLY=($(compgen -W "text json ics prometheus" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__profiles__subcmd__show)
            opts="-h --format --color --config --no-config --help dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --format)
                    COMPREPLY=($(compgen -W "text json ics prometheus" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__scenario)
            opts="-h --config --no-config --help from help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__scenario__subcmd__from)
            opts="-h --to --ignore-field --out --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --to)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ignore-field)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --out)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__scenario__subcmd__help)
            opts="from help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__scenario__subcmd__help__subcmd__from)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__scenario__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__simulate)
            opts="-X -H -E -x -k -m -o -v -q -w -s -h --fail-on --exit-zero --at-time --stack --repeat --jobs --scenario --replay --to --compare --ignore-field --fill --event --profile --sender --text --event-name --set --body --session --language --tag --request --header --bearer --cert --key --pass --pki --client --matrix --readiness --sni --resolve --connect-to --proxy --tlsv1.2 --tlsv1.3 --tls-max --no-default-roots --cacert --insecure --http1.1 --http2 --connect-timeout --max-time --time-limit --select --ignore --baseline --format --output --verbose --quiet --color --show-secrets --print-request --print-curl --write-out --silent --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --fail-on)
                    COMPREPLY=($(compgen -W "error warning note never" -- "${cur}"))
                    return 0
                    ;;
                --at-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -W "nginx apache haproxy node curl caddy traefik kubernetes envoy istio jdk tomcat cryptography openssl openssl-strict go rustls java boringssl pyca python" -- "${cur}"))
                    return 0
                    ;;
                --repeat)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --jobs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --scenario)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --replay)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --to)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --compare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ignore-field)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fill)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --event)
                    COMPREPLY=($(compgen -W "es es-beta cx cx-flexible" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect" -- "${cur}"))
                    return 0
                    ;;
                --sender)
                    COMPREPLY=($(compgen -W "dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect" -- "${cur}"))
                    return 0
                    ;;
                --text)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --event-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --set)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --body)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --session)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --language)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --tag)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --request)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -X)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --header)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -H)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --bearer)
                    COMPREPLY=($(compgen -W "simulated mint none" -- "${cur}"))
                    return 0
                    ;;
                --cert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -E)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --key)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pass)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pki)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --client)
                    COMPREPLY=($(compgen -W "none valid cert-not-sent self-signed unknown-ca missing-intermediate expired not-yet-valid intermediate-expired root-expired eku-serverauth-only wrong-key-usage intermediate-not-ca pathlen-exceeded name-constraint-violation unknown-critical-extension bad-signature x509-v1 sha1-signed rsa1024 revoked" -- "${cur}"))
                    return 0
                    ;;
                --sni)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --resolve)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --connect-to)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --proxy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -x)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --tls-max)
                    COMPREPLY=($(compgen -W "1.2 1.3" -- "${cur}"))
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --connect-timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -m)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --time-limit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --select)
                    COMPREPLY=($(compgen -W "MT101 file-empty MT102 der-in-place-of-pem MT103 pkcs12-in-place-of-pem MT104 pkcs7-in-place-of-pem MT105 java-keystore MT106 request-in-place-of-certificate MT107 public-key-in-place-of-private MT108 key-and-certificate-swapped MT109 trusted-certificate-label MT110 pem-block-broken MT111 pem-marker-malformed MT112 byte-order-mark MT113 utf16-file MT114 carriage-returns MT115 text-around-blocks MT116 escaped-line-breaks MT117 nothing-usable-in-file MT118 key-encrypted MT119 legacy-key-encryption MT120 key-unreadable MT121 key-file-open-to-others MT122 key-among-certificates MT123 several-private-keys MT124 trailing-bytes MT125 uneven-pem-lines MT126 no-final-line-break MT127 old-pem-label MT128 revocation-list-missing MT129 revocation-list-out-of-date MT130 revocation-list-unusable MT131 request-signature-invalid MT132 request-key-differs MT133 request-lacks-name MT134 request-not-certifiable MT140 key-does-not-match-leaf MT141 key-comparison-impossible MT142 key-without-certificate MT143 certificate-without-key MT201 certificate-expired MT202 certificate-not-yet-valid MT203 missing-intermediate MT204 weak-key MT205 weak-signature-algorithm MT206 certificate-version-one MT207 unknown-critical-extension MT208 intermediate-not-a-ca MT209 path-length-exceeded MT210 name-constraint-violated MT211 certificate-signature-broken MT212 unreadable-certificate MT213 root-sent-along MT214 authority-key-identifier-missing MT215 authority-key-identifier-empty MT216 root-key-identifiers-differ MT217 subject-key-identifier-missing MT218 extension-not-critical MT219 extension-wrongly-critical MT220 extension-criticality-unusual MT221 path-length-without-authority MT222 authority-key-usage-missing MT223 key-usage-empty MT224 leaf-signs-certificates MT225 cert-sign-without-authority MT226 key-usage-unfit-for-key MT227 key-usage-unfit-for-purpose MT228 extended-key-usage-missing MT229 server-usages-mixed MT230 any-extended-key-usage MT231 client-auth-in-server-certificate MT232 root-with-extended-key-usage MT233 serial-number-not-positive MT234 serial-number-too-long MT235 validity-badly-encoded MT236 validity-negative MT237 name-empty MT238 extension-twice MT239 extension-unreadable MT240 name-constraints-in-leaf MT241 alternative-names-empty MT242 alternative-names-not-critical MT243 alternative-names-critical MT244 alternative-name-kind MT245 alternative-name-twice MT246 internal-name MT247 common-name-not-listed MT248 several-common-names MT249 wildcard-misplaced MT250 wildcard-over-public-suffix MT251 dns-name-malformed MT252 dns-name-underscore MT253 top-level-domain-unknown MT254 rsa-modulus-uneven MT255 rsa-exponent-weak MT256 rsa-primes-close MT257 curve-unusual MT258 curve-spelled-out MT259 key-type-unknown MT260 dsa-key MT261 signature-algorithm-uncommon MT262 validity-too-long MT263 staple-revoked MT264 staple-unusable MT266 expires-soon MT267 outlived-by-leaf MT268 chain-out-of-order MT269 certificate-twice MT270 stranger-in-chain MT271 multiple-leaf-certificates MT272 host-not-covered MT273 common-name-only MT274 purpose-wrong MT275 ca-used-as-leaf MT276 issuer-unknown MT277 self-signed-leaf MT278 custom-ca-key-usage MT279 custom-ca-upload-needed MT280 client-auth-retires MT281 signature-bits-unused MT282 encoding-unusual MT283 ca-excludes-hosts MT284 certificate-revoked MT301 tls-version-too-old MT302 no-sni MT303 no-shared-parameters MT304 alpn-without-http MT401 client-certificate-not-sent MT402 client-self-signed MT403 client-issuer-unknown MT404 client-purpose-wrong MT405 client-signature-invalid MT406 server-certificate-rejected MT407 verify-depth-cut MT408 sender-legacy-certificate MT409 sender-not-recognised MT410 chain-not-trusted MT411 anchor-is-not-a-ca MT412 intermediate-in-place-of-root MT413 anchor-expired MT414 anchor-expires-soon MT415 anchor-twice MT416 anchor-too-weak MT417 client-ca-lacks-sender MT418 client-ca-legacy-only MT419 legacy-anchors-left-over MT420 client-wrongly-accepted MT421 client-wrongly-refused MT422 expectation-unmet MT423 client-certificate-not-asked MT424 webhook-certificate-refused MT425 ca-names-lack-sender MT426 signature-not-checked MT427 server-signature-invalid MT428 peer-refused MT430 site-lets-in-without-certificate MT431 site-verifies-nothing MT432 site-asks-for-no-certificate MT433 site-depth-too-small MT434 site-pins-out-sender MT435 site-file-unreadable MT436 site-old-protocols MT437 site-client-ca-missing MT438 site-not-understood MT439 site-subject-not-checked MT440 site-bearer-not-checked MT441 site-header-spoofable MT442 living-on-fallback MT445 verifiers-disagree MT446 identity-unexpected MT450 site-does-not-start MT451 site-without-effect MT452 site-revocation-list-in-use MT453 client-not-accepted MT454 public-roots-for-clients MT460 sender-needs-ca-names MT461 client-ca-admits MT462 ca-names-too-long MT463 site-tls-too-new-for-sender MT464 site-subject-match-unanchored MT501 body-not-json MT502 no-credential MT503 request-limit-hit MT504 not-a-webhook-request MT505 webhook-status-not-ok MT506 webhook-redirects MT507 webhook-answer-not-json MT508 webhook-answer-misfit MT509 webhook-answer-too-large MT510 webhook-too-slow MT511 webhook-content-type MT512 webhook-answer-unreadable MT513 request-abandoned MT514 requests-not-kept MT515 webhook-answer-ignored MT520 token-missing MT521 token-malformed MT522 token-opaque MT523 token-algorithm-refused MT524 token-key-unknown MT525 token-signature-bad MT526 token-signature-not-checked MT527 token-expired MT528 token-not-yet-valid MT529 token-wrong-issuer MT530 token-wrong-audience MT531 token-wrong-project MT532 session-parameter-missing MT533 token-sender-not-named MT540 forward-down MT541 forward-slow MT542 forward-broke-off MT543 forward-header-spoofed MT544 forward-status-not-ok MT901 plain-http-on-tls-port MT902 proxy-protocol-header MT903 ssh-on-tls-port MT904 silent-connection MT905 not-tls MT906 handshake-cut-short MT907 connection-limit-hit MT908 protocol-broken MT910 webhook-unreachable MT911 webhook-speaks-no-tls MT912 webhook-handshake-failed MT913 inspection-failed" -- "${cur}"))
                    return 0
                    ;;
                --ignore)
                    COMPREPLY=($(compgen -W "MT101 file-empty MT102 der-in-place-of-pem MT103 pkcs12-in-place-of-pem MT104 pkcs7-in-place-of-pem MT105 java-keystore MT106 request-in-place-of-certificate MT107 public-key-in-place-of-private MT108 key-and-certificate-swapped MT109 trusted-certificate-label MT110 pem-block-broken MT111 pem-marker-malformed MT112 byte-order-mark MT113 utf16-file MT114 carriage-returns MT115 text-around-blocks MT116 escaped-line-breaks MT117 nothing-usable-in-file MT118 key-encrypted MT119 legacy-key-encryption MT120 key-unreadable MT121 key-file-open-to-others MT122 key-among-certificates MT123 several-private-keys MT124 trailing-bytes MT125 uneven-pem-lines MT126 no-final-line-break MT127 old-pem-label MT128 revocation-list-missing MT129 revocation-list-out-of-date MT130 revocation-list-unusable MT131 request-signature-invalid MT132 request-key-differs MT133 request-lacks-name MT134 request-not-certifiable MT140 key-does-not-match-leaf MT141 key-comparison-impossible MT142 key-without-certificate MT143 certificate-without-key MT201 certificate-expired MT202 certificate-not-yet-valid MT203 missing-intermediate MT204 weak-key MT205 weak-signature-algorithm MT206 certificate-version-one MT207 unknown-critical-extension MT208 intermediate-not-a-ca MT209 path-length-exceeded MT210 name-constraint-violated MT211 certificate-signature-broken MT212 unreadable-certificate MT213 root-sent-along MT214 authority-key-identifier-missing MT215 authority-key-identifier-empty MT216 root-key-identifiers-differ MT217 subject-key-identifier-missing MT218 extension-not-critical MT219 extension-wrongly-critical MT220 extension-criticality-unusual MT221 path-length-without-authority MT222 authority-key-usage-missing MT223 key-usage-empty MT224 leaf-signs-certificates MT225 cert-sign-without-authority MT226 key-usage-unfit-for-key MT227 key-usage-unfit-for-purpose MT228 extended-key-usage-missing MT229 server-usages-mixed MT230 any-extended-key-usage MT231 client-auth-in-server-certificate MT232 root-with-extended-key-usage MT233 serial-number-not-positive MT234 serial-number-too-long MT235 validity-badly-encoded MT236 validity-negative MT237 name-empty MT238 extension-twice MT239 extension-unreadable MT240 name-constraints-in-leaf MT241 alternative-names-empty MT242 alternative-names-not-critical MT243 alternative-names-critical MT244 alternative-name-kind MT245 alternative-name-twice MT246 internal-name MT247 common-name-not-listed MT248 several-common-names MT249 wildcard-misplaced MT250 wildcard-over-public-suffix MT251 dns-name-malformed MT252 dns-name-underscore MT253 top-level-domain-unknown MT254 rsa-modulus-uneven MT255 rsa-exponent-weak MT256 rsa-primes-close MT257 curve-unusual MT258 curve-spelled-out MT259 key-type-unknown MT260 dsa-key MT261 signature-algorithm-uncommon MT262 validity-too-long MT263 staple-revoked MT264 staple-unusable MT266 expires-soon MT267 outlived-by-leaf MT268 chain-out-of-order MT269 certificate-twice MT270 stranger-in-chain MT271 multiple-leaf-certificates MT272 host-not-covered MT273 common-name-only MT274 purpose-wrong MT275 ca-used-as-leaf MT276 issuer-unknown MT277 self-signed-leaf MT278 custom-ca-key-usage MT279 custom-ca-upload-needed MT280 client-auth-retires MT281 signature-bits-unused MT282 encoding-unusual MT283 ca-excludes-hosts MT284 certificate-revoked MT301 tls-version-too-old MT302 no-sni MT303 no-shared-parameters MT304 alpn-without-http MT401 client-certificate-not-sent MT402 client-self-signed MT403 client-issuer-unknown MT404 client-purpose-wrong MT405 client-signature-invalid MT406 server-certificate-rejected MT407 verify-depth-cut MT408 sender-legacy-certificate MT409 sender-not-recognised MT410 chain-not-trusted MT411 anchor-is-not-a-ca MT412 intermediate-in-place-of-root MT413 anchor-expired MT414 anchor-expires-soon MT415 anchor-twice MT416 anchor-too-weak MT417 client-ca-lacks-sender MT418 client-ca-legacy-only MT419 legacy-anchors-left-over MT420 client-wrongly-accepted MT421 client-wrongly-refused MT422 expectation-unmet MT423 client-certificate-not-asked MT424 webhook-certificate-refused MT425 ca-names-lack-sender MT426 signature-not-checked MT427 server-signature-invalid MT428 peer-refused MT430 site-lets-in-without-certificate MT431 site-verifies-nothing MT432 site-asks-for-no-certificate MT433 site-depth-too-small MT434 site-pins-out-sender MT435 site-file-unreadable MT436 site-old-protocols MT437 site-client-ca-missing MT438 site-not-understood MT439 site-subject-not-checked MT440 site-bearer-not-checked MT441 site-header-spoofable MT442 living-on-fallback MT445 verifiers-disagree MT446 identity-unexpected MT450 site-does-not-start MT451 site-without-effect MT452 site-revocation-list-in-use MT453 client-not-accepted MT454 public-roots-for-clients MT460 sender-needs-ca-names MT461 client-ca-admits MT462 ca-names-too-long MT463 site-tls-too-new-for-sender MT464 site-subject-match-unanchored MT501 body-not-json MT502 no-credential MT503 request-limit-hit MT504 not-a-webhook-request MT505 webhook-status-not-ok MT506 webhook-redirects MT507 webhook-answer-not-json MT508 webhook-answer-misfit MT509 webhook-answer-too-large MT510 webhook-too-slow MT511 webhook-content-type MT512 webhook-answer-unreadable MT513 request-abandoned MT514 requests-not-kept MT515 webhook-answer-ignored MT520 token-missing MT521 token-malformed MT522 token-opaque MT523 token-algorithm-refused MT524 token-key-unknown MT525 token-signature-bad MT526 token-signature-not-checked MT527 token-expired MT528 token-not-yet-valid MT529 token-wrong-issuer MT530 token-wrong-audience MT531 token-wrong-project MT532 session-parameter-missing MT533 token-sender-not-named MT540 forward-down MT541 forward-slow MT542 forward-broke-off MT543 forward-header-spoofed MT544 forward-status-not-ok MT901 plain-http-on-tls-port MT902 proxy-protocol-header MT903 ssh-on-tls-port MT904 silent-connection MT905 not-tls MT906 handshake-cut-short MT907 connection-limit-hit MT908 protocol-broken MT910 webhook-unreachable MT911 webhook-speaks-no-tls MT912 webhook-handshake-failed MT913 inspection-failed" -- "${cur}"))
                    return 0
                    ;;
                --baseline)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text concise json jsonl sarif junit github gitlab markdown html" -- "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --write-out)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -w)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__token)
            opts="-h --config --no-config --help verify decode mint help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__token__subcmd__decode)
            opts="-h --at-time --format --color --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --at-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__token__subcmd__help)
            opts="verify decode mint help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__token__subcmd__help__subcmd__decode)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__token__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__token__subcmd__help__subcmd__mint)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__token__subcmd__help__subcmd__verify)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__token__subcmd__mint)
            opts="-h --audience --project-number --issuer --profile --lifetime --key --pass --key-out --jwks-out --at-time --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --audience)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --project-number)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --issuer)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect" -- "${cur}"))
                    return 0
                    ;;
                --lifetime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --key)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pass)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --key-out)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --jwks-out)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --at-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__token__subcmd__verify)
            opts="-h --profile --cacert --at-time --format --color --jwks --audience --project-number --issuer --skew --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "dialogflow dialogflow-cx dialogflow-custom generic cloudflare-origin-pull meta-webhooks aws-api-gateway slack kubernetes-admission efi-pix docusign-connect pagerduty genesys-cloud tesla-fleet-telemetry worldpay salesforce adobe-sign fireblocks upvest alloy webex-connect" -- "${cur}"))
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --at-time)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "text json" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "auto always never" -- "${cur}"))
                    return 0
                    ;;
                --jwks)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --audience)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --project-number)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --issuer)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --skew)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        mtls__subcmd__version)
            opts="-h --config --no-config --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --config)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _mtls -o nosort -o bashdefault -o default mtls
else
    complete -F _mtls -o bashdefault -o default mtls
fi
