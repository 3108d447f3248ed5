#!/bin/sh
# Runs schemathesis against a service: FOLDER (of a Python environment, made where it is missing), ADDRESS, TOKEN.
# Status 75: it is not there and cannot be had.
set -u
folder=$1 address=$2 token=$3
program=$folder/bin/st
if ! [ -x "$program" ]; then
  new=$folder.new.$$
  python3 -m venv "$new" && "$new/bin/pip" install --quiet --disable-pip-version-check 'schemathesis==4.*' || {
    rm -rf "$new"
    exit 75
  }
  # A venv knows its place: its programs are run by its own Python.
  rm -rf "$folder" && mv "$new" "$folder" || exit 75
fi
cd "$(mktemp -d)" || exit 75
trap 'rm -rf "$PWD"' EXIT
# That a file is well-formed JSON or text does not make it a right one: only the readers know.
"$folder/bin/python3" "$folder/bin/st" run "$address/v1/openapi.json" --url "$address" \
  --header "Authorization: Bearer $token" --phases coverage,fuzzing --max-examples 4 --seed 1 --no-color \
  --request-timeout 120 --suppress-health-check all --max-time "${SCHEMATHESIS_SECONDS:-40}" --warnings off \
  --exclude-checks positive_data_acceptance 2>&1
