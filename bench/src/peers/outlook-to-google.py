#!/usr/bin/env python3
"""outlook-to-google.py IN OUT: the mapping of Outlook's columns to those of Google Contacts, by csv.DictReader and csv.DictWriter."""
import csv
import sys

NAMES = {
    "First Name": "First Name", "Middle Name": "Middle Name", "Last Name": "Last Name", "Title": "Name Prefix", "Suffix": "Name Suffix",
    "Company": "Organization Name", "Job Title": "Organization Title", "Department": "Organization Department",
    "Birthday": "Birthday", "Notes": "Notes",
}
PHONES = [("Business Fax", "Work Fax"), ("Business Phone", "Work"), ("Business Phone 2", "Work"), ("Car Phone", "Car"),
          ("Home Fax", "Home Fax"), ("Home Phone", "Home"), ("Home Phone 2", "Home"), ("Mobile Phone", "Mobile"),
          ("Other Phone", "Other"), ("Pager", "Pager")]
ADDRESSES = [("Business", "Work"), ("Home", "Home"), ("Other", "Other")]
PARTS = [("Street", "Street"), ("City", "City"), ("State", "Region"), ("Postal Code", "Postal Code"), ("Country/Region", "Country"),
         ("Street 2", "Extended Address")]
CUSTOM = ["Priority", "Private", "Sensitivity"]
OUT = ["First Name", "Middle Name", "Last Name", "Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name", "Name Prefix",
       "Name Suffix", "Nickname", "File As", "Organization Name", "Organization Title", "Organization Department", "Birthday", "Notes",
       "Photo", "Labels"]
OUT += [f"E-mail {n} - {part}" for n in (1, 2) for part in ("Label", "Value")]
OUT += [f"Phone {n} - {part}" for n in (1, 2) for part in ("Label", "Value")]
OUT += [f"Address 1 - {part}" for part in
        ("Label", "Formatted", "Street", "City", "PO Box", "Region", "Postal Code", "Country", "Extended Address")]
OUT += [f"Custom Field {n} - {part}" for n in (1, 2, 3) for part in ("Label", "Value")]


def convert(row):
    out = {target: row[source] for source, target in NAMES.items()}
    out["Labels"] = row["Categories"].replace(";", " ::: ")
    emails = [row[name] for name in ("E-mail Address", "E-mail 2 Address", "E-mail 3 Address") if row[name]]
    for number, email in enumerate(emails, 1):
        out[f"E-mail {number} - Value"] = email
    phones = [(label, row[name]) for name, label in PHONES if row[name]]
    for number, (label, phone) in enumerate(phones, 1):
        out[f"Phone {number} - Label"] = label
        out[f"Phone {number} - Value"] = phone
    number = 0
    for prefix, label in ADDRESSES:
        parts = [(target, row[f"{prefix} {source}"]) for source, target in PARTS]
        if not any(value for _, value in parts):
            continue
        number += 1
        out[f"Address {number} - Label"] = label
        for target, value in parts:
            out[f"Address {number} - {target}"] = value
    fields = [(name, row[name]) for name in CUSTOM if row[name]]
    for number, (name, value) in enumerate(fields, 1):
        out[f"Custom Field {number} - Label"] = name
        out[f"Custom Field {number} - Value"] = value
    return out


with open(sys.argv[1], newline="", encoding="utf-8") as source, open(sys.argv[2], "w", newline="", encoding="utf-8-sig") as target:
    writer = csv.DictWriter(target, OUT, restval="")
    writer.writeheader()
    for row in csv.DictReader(source):
        writer.writerow(convert(row))
