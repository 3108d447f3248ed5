/// A shell for which there is a completion script. Each script asks the program itself, so it never goes stale.
enum Shell: String, CaseIterable {
  case bash
  case zsh
  case fish

  func script(program: String) -> String {
    template.replacing("PROGRAM", with: program)
  }

  private var template: String {
    switch self {
    case .bash: Self.bashTemplate
    case .zsh: Self.zshTemplate
    case .fish: Self.fishTemplate
    }
  }

  /// Bash splits words at `=`; they are joined again before asking, and what stands before `=` is cut from the answers.
  private static let bashTemplate = #"""
    # Completion for PROGRAM in bash(1). Load it with: source <(PROGRAM completion bash)
    _PROGRAM() {
      local -a typed=()
      local index word line current
      for ((index = 1; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if ((${#typed[@]} > 0)) && { [[ $word == = ]] || [[ ${COMP_WORDS[index - 1]} == = && ${typed[-1]} == *= ]]; }; then
          typed[-1]+=$word
        else
          typed+=("$word")
        fi
      done
      current=${typed[-1]-}
      COMPREPLY=()
      while IFS= read -r line; do
        case $line in
          ":files"*) _PROGRAM_files "${current##*=}" ${line#:files} ;;
          ":directories") mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "${current##*=}") ;;
          *)
            word=${line%%$'\t'*}
            [[ $current == --*=* ]] && word=${word#*=}
            COMPREPLY+=("$word")
            ;;
        esac
      done < <(PROGRAM completion words -- "${typed[@]}" 2>/dev/null)
    }
    _PROGRAM_files() {
      local current=$1 name suffix
      shift
      compopt -o filenames 2>/dev/null
      while IFS= read -r name; do
        if [[ $# -eq 0 || -d $name ]]; then
          COMPREPLY+=("$name")
          continue
        fi
        for suffix in "$@"; do
          [[ $name == *"$suffix" ]] && COMPREPLY+=("$name") && break
        done
      done < <(compgen -f -- "$current")
    }
    complete -F _PROGRAM PROGRAM

    """#

  private static let zshTemplate = #"""
    #compdef PROGRAM
    # Completion for PROGRAM in zsh(1). Put it as _PROGRAM into a folder of $fpath.
    _PROGRAM() {
      local line
      local -a described suffixes
      for line in "${(@f)$(PROGRAM completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        case $line in
          "") ;;
          ":files") _files ;;
          ":files "*)
            suffixes=(${(s: :)${line#:files }})
            _files -g "*(${(j:|:)${(@b)suffixes}})"
            ;;
          ":directories") _files -/ ;;
          *$'\t'*) described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
          *) described+=("${line//:/\\:}") ;;
        esac
      done
      (( ${#described} )) && _describe -t words 'PROGRAM' described
      return 0
    }
    if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
      _PROGRAM "$@"
    else
      compdef _PROGRAM PROGRAM
    fi

    """#

  private static let fishTemplate = #"""
    # Completion for PROGRAM in fish(1). Load it with: PROGRAM completion fish | source
    function __PROGRAM_words
        set -l typed (commandline -opc)[2..] (commandline -ct)
        for line in (PROGRAM completion words -- $typed 2>/dev/null)
            switch $line
                case ':files*'
                    set -l suffixes (string split -n ' ' -- (string replace ':files' '' -- $line))
                    if test (count $suffixes) -eq 0
                        __fish_complete_path (commandline -ct)
                    else
                        for suffix in $suffixes
                            __fish_complete_suffix (commandline -ct) $suffix
                        end
                    end
                case ':directories'
                    __fish_complete_directories (commandline -ct)
                case '*'
                    echo $line
            end
        end
    end
    complete -c PROGRAM -f -a '(__PROGRAM_words)'

    """#
}
