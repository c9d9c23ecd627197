"""Uses KMS, STS and CloudTrail through boto3 and tells what it saw as JSON."""
import json

import boto3
from botocore.exceptions import ClientError

kms = boto3.client("kms")
said = {"identity": boto3.client("sts").get_caller_identity()["Arn"]}

key = kms.create_key(Description="of boto3", Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]
said["created"] = key["CreationDate"].year > 2000
kms.create_alias(AliasName="alias/boto3", TargetKeyId=key["KeyId"])
blob = kms.encrypt(KeyId="alias/boto3", Plaintext=b"\x00hi\xff", EncryptionContext={"tenant": "a"})["CiphertextBlob"]
opened = kms.decrypt(CiphertextBlob=blob, EncryptionContext={"tenant": "a"})
said["opened"] = opened["Plaintext"] == b"\x00hi\xff" and opened["KeyId"] == key["Arn"]
try:
    kms.decrypt(CiphertextBlob=blob, EncryptionContext={"tenant": "b"})
except kms.exceptions.InvalidCiphertextException as error:
    said["refused"] = error.response["Error"]["Code"]
try:
    kms.encrypt(KeyId="alias/none", Plaintext=b"hi")
except ClientError as error:
    said["message"] = error.response["Error"]["Message"]

signing = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
how = {"KeyId": signing, "Message": b"hi", "SigningAlgorithm": "ECDSA_SHA_256"}
said["verified"] = kms.verify(**how, Signature=kms.sign(**how)["Signature"])["SignatureValid"]

for _ in range(3):
    kms.create_key()
pages = list(kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 2}))
said["pages"] = [len(page["Keys"]) for page in pages]
events = boto3.client("cloudtrail").lookup_events(
    LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "Sign"}]
)["Events"]
said["events"] = [[event["EventName"], event["Username"], event["EventTime"].year > 2000] for event in events]
print(json.dumps(said))
