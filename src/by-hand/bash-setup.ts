import { tagKeys } from '../kms/tags.js';

/** What a shell needs once: bash, and zsh, where comments must be switched on. */
export const bashSetup = ({ home, other }: { home: string; other: string }): string => `\
[ -z "$ZSH_VERSION" ] || setopt interactive_comments
export AWS_REGION=${home} AWS_DEFAULT_REGION=${home}  # your Region; CLI v1 knows the second name alone
OTHER_REGION=${other}                                   # for replicas, and for what is not there
export AWS_PAGER=                                        # CLI v2 would stop at every answer
umask 077                                                # your files are yours alone
FILES=$PWD/kms-lab-files
read -r ACCOUNT_ID CALLER_ARN <<< "$(aws sts get-caller-identity --query '[Account,Arn]' --output text)"
echo "account $ACCOUNT_ID, as $CALLER_ARN"

kms_lab_tags() { # LAB ALIAS: the tags by which \`kms-lab cleanup\` knows what is yours
  printf 'TagKey=%s,TagValue=%s\\n' ${tagKeys.lab} "$1" ${tagKeys.namespace} default ${tagKeys.run} by-hand \\
    ${tagKeys.owner} "$(printf %s "$CALLER_ARN" | sed 's/=/=3D/g; s/,/=2C/g')" \\
    ${tagKeys.created} "$(date -u +%Y-%m-%dT%H:%M:%SZ)" ${tagKeys.alias} "$2"
}
flip() { # FROM TO: a copy with one bit changed, the lowest of the last byte
  node -e 'const b=require(\`node:fs\`).readFileSync(process.argv[1]);b[b.length-1]^=1;process.stdout.write(b)' "$1" > "$2"
}
as_role() { # SESSION COMMAND…: run a command with the credentials of a role's session
  local id secret token
  read -r id secret token <<< "$1"
  shift
  AWS_ACCESS_KEY_ID=$id AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$token "$@"
}`;
