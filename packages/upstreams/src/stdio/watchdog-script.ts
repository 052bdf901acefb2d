/**
 * A POSIX shell program that outlives a killed parent. It reads `+ ID` and `- ID` lines that add and remove process
 * groups. At the end of its stdin, which comes however the parent ends, it ends the groups that are left.
 */
export const WATCHDOG_SCRIPT: string = `
trap '' HUP INT TERM
groups=
while read -r op id; do
  case $op in
    +) groups="$groups $id" ;;
    -)
      kept=
      for group in $groups; do
        [ "$group" = "$id" ] || kept="$kept $group"
      done
      groups=$kept
      ;;
  esac
done
[ -n "$groups" ] || exit 0
for group in $groups; do kill -TERM "-$group" 2>/dev/null; done
sleep 1
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
exit 0
`;
