import type { Candidate } from './candidates.ts';

type Shell = {
  /** What `dynonym completion` prints. */
  readonly script: string;
  /** A candidate as the script wants it. `word` is what stands at the cursor. */
  readonly line: (candidate: Candidate, word: string) => string;
};

/** bash divides words at `=` and `:`, and replaces what stands behind them. */
const BASH = `# Completion of dynonym in bash. Written by: dynonym completion bash

_dynonym() {
  local -a words=()
  local word line glued= last=-1
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    case "$word" in
      [=:]) if ((last >= 0)); then words[last]+=$word glued=1; continue; fi ;;
    esac
    # Quotes and backslashes are the shell's own.
    word=\${word//[\\"\\'\\\\]/}
    if [[ -n $glued ]]; then words[last]+=$word glued=; else last=$((last + 1)); words[last]=$word; fi
  done
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o default -o filenames 2>/dev/null
    else
      COMPREPLY+=("$line")
    fi
  done < <(command dynonym completion bash -- "\${words[@]}" 2>/dev/null)
}

complete -F _dynonym dynonym
`;

const ZSH = `#compdef dynonym
# Completion of dynonym in zsh. Written by: dynonym completion zsh

_dynonym() {
  local -a lines values
  local line
  lines=("\${(@f)$(command dynonym completion zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  if [[ $lines[1] == :files ]]; then
    compset -P '--*='
    _files
    return
  fi
  for line in $lines; do values+=("$line"); done
  ((\${#values})) && _describe dynonym values
}

if [[ \${funcstack[1]} == _dynonym ]]; then
  _dynonym "$@"
else
  compdef _dynonym dynonym
fi
`;

const FISH = `# Completion of dynonym in fish. Written by: dynonym completion fish

function __dynonym_candidates
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l word (string trim --left --chars "\\"'" -- (commandline --cut-at-cursor --current-token))
    set -l lines (command dynonym completion fish -- $words[2..-1] "$word" 2>/dev/null)
    if test "$lines[1]" = :files
        set -l option (string match --regex -- '^--[^=]*=' "$word")
        for path in (__fish_complete_path (string replace --regex -- '^--[^=]*=' '' "$word"))
            printf '%s%s\\n' "$option" $path
        end
    else if set --query lines[1]
        printf '%s\\n' $lines
    end
end

complete --command dynonym --no-files --keep-order --arguments '(__dynonym_candidates)'
`;

export const SCRIPTS: ReadonlyMap<string, Shell> = new Map(
  Object.entries<Shell>({
    bash: {
      script: BASH,
      line: ({ value }, word) =>
        value
          .slice(/^--[a-z0-9-]+=/.exec(word)?.[0].length ?? 0)
          .replace(/[^\p{L}\p{N}_@%+=:,./-]/gu, '\\$&'),
    },
    zsh: {
      script: ZSH,
      line: ({ value, description }) => `${value.replace(/[\\:]/g, '\\$&')}${below(':', description)}`,
    },
    fish: { script: FISH, line: ({ value, description }) => `${value}${below('\t', description)}` },
  }),
);

const below = (separator: string, description: string | undefined): string =>
  description === undefined ? '' : `${separator}${description}`;
