import { tagKeys } from '../kms/tags.js';

/** What a PowerShell needs once. Files are read and written byte by byte: its own pipes carry text. */
export const powershellSetup = ({ home, other }: { home: string; other: string }): string => `\
$env:AWS_REGION = $env:AWS_DEFAULT_REGION = $AWS_REGION = '${home}'  # your Region; CLI v1 knows the second name alone
$OTHER_REGION = '${other}'  # for replicas, and for what is not there
$env:AWS_PAGER = ''            # CLI v2 would stop at every answer
$FILES = "$PWD/kms-lab-files"
$ACCOUNT_ID, $CALLER_ARN = (aws sts get-caller-identity --query '[Account,Arn]' --output text) -split '\\s+'
"account $ACCOUNT_ID, as $CALLER_ARN"

function Get-KmsLabTags($Lab, $Alias) { # the tags by which \`kms-lab cleanup\` knows what is yours
  $tags = [ordered]@{
    '${tagKeys.lab}' = $Lab; '${tagKeys.namespace}' = 'default'; '${tagKeys.run}' = 'by-hand'; '${tagKeys.alias}' = $Alias
    '${tagKeys.owner}' = $CALLER_ARN.Replace('=', '=3D').Replace(',', '=2C')
    '${tagKeys.created}' = [DateTime]::UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")
  }
  $tags.GetEnumerator() | ForEach-Object { "TagKey=$($_.Key),TagValue=$($_.Value)" }
}
function Read-Bytes($Path) { , [IO.File]::ReadAllBytes("$PWD/$Path") }
function Write-Bytes($Path, $Bytes) { [IO.File]::WriteAllBytes("$PWD/$Path", $Bytes) }
function Save-Base64($Path) { Write-Bytes $Path ([Convert]::FromBase64String("$input")) }
function Save-Text($Path) { [IO.File]::WriteAllText("$PWD/$Path", ("$input" -replace "\`r") + "\`n") }
function Save-Random($Count, $Path) { Write-Bytes $Path ([Security.Cryptography.RandomNumberGenerator]::GetBytes($Count)) }
function Save-AsBase64($From, $To) { [IO.File]::WriteAllText("$PWD/$To", [Convert]::ToBase64String((Read-Bytes $From))) }
function Copy-Flipped($From, $To) { # a copy with one bit changed, the lowest of the last byte
  $bytes = Read-Bytes $From
  $bytes[-1] = $bytes[-1] -bxor 1
  Write-Bytes $To $bytes
}
function Compare-Base64($Path) { # says nothing when the bytes are the same
  if ("$input" -cne [Convert]::ToBase64String((Read-Bytes $Path))) { Write-Error "not the bytes of $Path" }
}
function Compare-File($One, $Other) { [Convert]::ToBase64String((Read-Bytes $One)) | Compare-Base64 $Other }
function Use-Role($Session, [scriptblock]$Command) { # run a command with the credentials of a role's session
  $names = 'Env:AWS_ACCESS_KEY_ID', 'Env:AWS_SECRET_ACCESS_KEY', 'Env:AWS_SESSION_TOKEN'
  $before = Get-Item $names -ErrorAction Ignore
  try {
    $env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY, $env:AWS_SESSION_TOKEN = $Session -split '\\s+'
    & $Command
  } finally {
    Remove-Item $names
    foreach ($each in $before) { Set-Item "Env:$($each.Name)" $each.Value }
  }
}`;
