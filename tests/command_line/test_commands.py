"""Every command: what it does, and one clear line when it cannot."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from kneeclinic import actions
from kneeclinic.actions.house import ProfileForm
from kneeclinic.clinic import open_clinic
from kneeclinic.commands.entry import MODULES, main
from kneeclinic.progress.amounts import day_text
from tests.documents.paper_builders import text_of
from tests.exchange.fit_files import a_fit_file, a_session

ROOT = Path(__file__).resolve().parents[2]
AKPS = ["5", "5", "3", "8", "4", "6", "7", "8", "8", "10", "10", "5", "5"]


def refused(ran, *names: str) -> None:
    """Exit 1, one line on stderr that names it, nothing like a traceback."""
    assert ran.code == 1
    assert ran.err.count("\n") == 1, ran.err
    assert "Traceback" not in ran.err
    assert "fault of the program" not in ran.err
    for name in names:
        assert name in ran.err


def misused(ran, *names: str) -> None:
    assert ran.code == 2
    assert ran.err.count("\n") == 1, ran.err
    for name in names:
        assert name in ran.err


@pytest.mark.parametrize("name", MODULES)
def test_every_command_explains_itself(run, name):
    ran = run(*name.split(), "--help")
    assert ran.code == 0
    assert f"kneeclinic {name}" in ran.out


def test_the_overview_names_every_command_and_wrong_words_are_wrong_usage(run):
    assert all(name in run("--help").out for name in MODULES)
    misused(run("dance"), "dance")
    misused(run("import"), "clinic, patients, runs")
    misused(run("import", "horses"), "clinic, patients, runs")
    assert run().code == 2
    assert run("user", "--help").code == 0


def test_the_knowledge_is_checked_and_every_fault_is_told_at_once(run, tmp_path, monkeypatch):
    assert "84 exercises" in run("knowledge", "check").out
    monkeypatch.setenv("KNEECLINIC_KNOWLEDGE", str(tmp_path))
    ran = run("knowledge", "check")
    assert ran.code == 1
    assert ran.err.count("\n") > 1
    assert "Traceback" not in ran.err


def test_a_questionnaire_is_scored_with_options_before_between_and_after(run):
    assert "84" in run("score", "akps", *AKPS).out
    for words in (["--json", "akps", *AKPS], ["akps", "--json", *AKPS], ["akps", *AKPS[:5], "--json", *AKPS[5:]], ["akps", *AKPS, "--json"]):
        assert run("score", *words).json == {"measure": "akps", "score": 84, "band": None, "answered": 13}


def test_negative_points_and_unanswered_items_are_values(run):
    assert run("score", "fpi6", "-1", "2", "0", "-2", "1", "--json", "-1").json["score"] == -1
    assert run("score", "koos_pf", *["2"] * 10, "-", "--json").json == {"measure": "koos_pf", "score": 50, "band": None, "answered": 10}


@pytest.mark.parametrize(("words", "names"), [
    (["akps", *AKPS[:3], "9", *AKPS[4:]], ("akps", "item 4", "9", "10, 8, 5, 0")),
    (["akps", *AKPS[:-1]], ("akps", "13")), (["akps", *AKPS, "5"], ("akps", "13")),
    (["akps", "-", *AKPS[1:]], ("akps",)), (["akps", "five", *AKPS[1:]], ("item 1", "five")), (["akps", "nan", *AKPS[1:]], ("item 1",)),
    (["akpz", "5"], ("akpz",)), (["pain_worst", "11"], ("pain_worst",)),
])
def test_an_item_that_is_not_allowed_is_named(run, words, names):
    refused(run("score", *words), *names)


@pytest.mark.parametrize("slip", ["1_0", "\u0665", "\uff15", "0x5", "5,0", "1e400", "nan", "inf", " 5 x", "", "5.0.0", "--5"])
def test_what_is_not_written_as_a_number_is_no_number(run, slip):
    for command, before in (("score", AKPS[:4]), ("change", ["62"])):
        ran = run(command, "akps", *before, slip)
        assert ran.code in (1, 2) and "Traceback" not in ran.err and ran.err.count("\n") >= 1
        if not slip.startswith("-"):
            refused(ran, "akps", "is not a number")


@pytest.mark.parametrize(("written", "score"), [("5", 84), ("5.0", 84), ("+5", 84), ("05", 84), ("5e0", 84)])
def test_a_number_may_be_written_as_people_write_it(run, written, score):
    assert run("score", "akps", *AKPS[:-1], written, "--json").json["score"] == score


def test_a_score_of_missing_answers_says_how_it_was_made(run):
    assert "(19 of 20 answered; scaled up from 19 of 20 items)" in run("score", "lefs", *["3"] * 19, "-").out
    assert "scaled" not in run("score", "lefs", *["3"] * 20).out
    assert list(run("score", "lefs", *["3"] * 19, "-", "--json").json) == ["measure", "score", "band", "answered"]


def test_a_fraction_on_a_scale_of_whole_numbers_is_judged_and_said(run, tmp_path):
    ran = run("change", "akps", "60.5", "70", "--json")
    assert (ran.code, ran.json["first"]) == (0, 60.5)
    assert "whole numbers; 60.5 judged as given" in ran.err
    series = tmp_path / "s.csv"
    series.write_text("60.5,70\n61,70.25\n")
    assert "60.5 and 1 more" in run("change", "akps", "--series", series).err
    assert run("change", "akps", "60", "70").err == ""
    assert run("change", "hip_abduction_force", "160.5", "170.5").err == ""


def test_score_without_items_is_wrong_usage(run):
    misused(run("score", "akps"), "ITEM")
    misused(run("score", "akps", "5", "--loud"), "--loud")


def test_a_series_is_judged_from_words_and_from_a_file(run, tmp_path):
    verdict = run("change", "akps", "62", "66", "74", "82", "--json").json
    assert list(verdict) == ["measure", "n", "first", "last", "change", "sdc", "mic", "verdict", "why", "limit"]
    assert verdict["verdict"] == "better"
    assert run("change", "akps", "62", "--json").json["verdict"] == "not_judged"
    series = tmp_path / "s.csv"
    series.write_text("62,66,74,82\n62,61\n\n70\n")
    lines = [json.loads(line) for line in run("change", "akps", "--series", series).out.splitlines()]
    assert [line["n"] for line in lines] == [4, 2, 1]
    assert lines[0] == verdict


def test_a_bad_series_is_refused_by_line(run, tmp_path):
    refused(run("change", "akps", "62", "200"), "akps", "200", "0 to 100")
    refused(run("change", "akps", "62", "x"), "akps", "x")
    misused(run("change", "akps"), "--series")
    misused(run("change", "akps", "1", "--series", "x.csv"), "--series")
    refused(run("change", "akps", "--series", tmp_path / "none.csv"), "none.csv")
    bad = tmp_path / "bad.csv"
    bad.write_text("62,66\n62,900\n")
    refused(run("change", "akps", "--series", bad), "line 2", "900")
    bad.write_text("")
    refused(run("change", "akps", "--series", bad), "no series")


def test_findings_of_a_case_file(run, tmp_path):
    case = tmp_path / "case.toml"
    case.write_text('[patient]\nage = 30\nsex = "female"\nside = "right"\n[[observation]]\nmeasure = "stroke_test"\nside = "right"\nvalue = "2+"\n')
    found = run("suggest", case, "--json").json
    assert set(found) >= {"edition", "red_flags", "suggestions", "avoid", "phase", "blocked"}
    assert found["blocked"] is True
    assert found["red_flags"][0]["id"] == "RF1"
    assert "RF1" in run("suggest", case).out
    refused(run("suggest", tmp_path / "no.toml"), "no.toml")
    case.write_text('[patient]\nage = 30\nsex = "female"\nside = "right"\n[[observation]]\nmeasure = "pain_worst"\nside = "right"\nvalue = 11\n')
    refused(run("suggest", case, "--json"), "pain_worst", "11")
    case.write_text("[patient\n")
    refused(run("suggest", case, "--json"), "case.toml")


def test_drawings(run, tmp_path):
    ids = run("figure", "--list").out.split()
    assert "clamshell" in ids
    assert run("figure", "clamshell", "-o", tmp_path / "c.svg", "--side", "left").code == 0
    assert (tmp_path / "c.svg").read_text().startswith("<svg") or "<svg" in (tmp_path / "c.svg").read_text()[:200]
    assert run("figure", "clamshell", "-o", tmp_path / "c.pdf").code == 0
    assert (tmp_path / "c.pdf").read_bytes().startswith(b"%PDF-")
    refused(run("figure", "clam", "-o", tmp_path / "x.svg"), "clam")
    refused(run("figure", "clamshell", "-o", tmp_path / "x.png"), ".svg or .pdf")
    refused(run("figure", "clamshell", "-o", tmp_path / "no" / "x.svg"), "no such folder")
    misused(run("figure", "clamshell"), "-o")
    misused(run("figure"), "EXERCISE")
    misused(run("figure", "clamshell", "-o", "x.svg", "--side", "up"), "up")


def test_all_drawings_go_into_a_folder(run, tmp_path):
    assert run("figure", "--all", "-o", tmp_path / "all").code == 0
    ids = run("figure", "--list").out.split()
    assert sorted(one.stem for one in (tmp_path / "all").iterdir()) == sorted(ids)
    (tmp_path / "file").write_text("")
    refused(run("figure", "--all", "-o", tmp_path / "file"), "file")


def test_patients_are_listed(run, clinic_file):
    rows = run("patients", "--clinic", clinic_file, "--json").json
    assert [row["number"] for row in rows] == [f"D00{place}" for place in range(1, 7)]
    assert {"number", "episode", "side", "phase", "status"} <= set(rows[0])
    assert {row["status"] for row in rows} == {"open", "dropped_out"}
    assert "D001" in run("patients", "--clinic", clinic_file).out


@pytest.mark.parametrize("words", [
    ["patients"], ["verify"], ["user", "list"], ["review", "-o", "r.pdf"], ["export", "clinic", "-o", "x.zip"], ["backup", "-o", "b.duckdb"],
])
def test_a_clinic_that_is_not_there_is_told_and_none_is_made(run, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    refused(run(*words, "--clinic", tmp_path / "none.duckdb"), "none.duckdb")
    misused(run(*words), "--clinic")
    refused(run(*words, "--clinic", tmp_path), "folder")
    (tmp_path / "rubbish.duckdb").write_text("this is no clinic" * 300)
    refused(run(*words, "--clinic", tmp_path / "rubbish.duckdb"), "rubbish.duckdb")


def test_a_wrong_or_missing_key_is_told_in_one_line(run, clinic_file, tmp_path, monkeypatch):
    monkeypatch.setenv("KNEECLINIC_KEY_FILE", str(tmp_path / "other.key"))
    refused(run("patients", "--clinic", clinic_file), "key")
    monkeypatch.delenv("KNEECLINIC_KEY_FILE")
    monkeypatch.setenv("KNEECLINIC_KEY", "not a key")
    refused(run("patients", "--clinic", clinic_file), "key")


def test_handouts_of_one_and_of_all(run, clinic_file, tmp_path):
    assert run("handout", "--clinic", clinic_file, "--patient", "D001", "-o", tmp_path / "h.pdf", "--lang", "es", "--paper", "letter").code == 0
    assert (tmp_path / "h.pdf").read_bytes().startswith(b"%PDF-")
    ran = run("handout", "--clinic", clinic_file, "--all", "-o", tmp_path / "all", "--layout", "large")
    assert ran.code == 0
    names = sorted(one.name for one in (tmp_path / "all").iterdir())
    assert "D001-right.pdf" in names
    assert "D004-left.pdf" not in names
    assert "D004" in ran.out
    refused(run("handout", "--clinic", clinic_file, "--patient", "D004", "-o", tmp_path / "x.pdf"), "RF1")
    refused(run("handout", "--clinic", clinic_file, "--patient", "D999", "-o", tmp_path / "x.pdf"), "D999")
    assert not (tmp_path / "x.pdf").exists()
    misused(run("handout", "--clinic", clinic_file, "-o", "x.pdf"), "--patient")
    misused(run("handout", "--clinic", clinic_file, "--patient", "D001", "-o", "x.pdf", "--lang", "fr"), "fr")


def test_the_review_pack(run, clinic_file, tmp_path):
    assert run("review", "--clinic", clinic_file, "-o", tmp_path / "r.pdf").code == 0
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF-")
    refused(run("review", "--clinic", clinic_file, "--week", "soon", "-o", tmp_path / "x.pdf"), "--week soon")
    refused(run("review", "--clinic", clinic_file, "--week", "2099-01-01", "-o", tmp_path / "x.pdf"), "2099-01-01")


def test_the_review_pack_is_of_the_weeks_of_this_clinic(run, clinic_file, tmp_path):
    with open_clinic(clinic_file) as clinic:
        sunday = clinic.today - timedelta(days=(clinic.today.weekday() + 1) % 7)
        actions.revise_profile(clinic, actions.command_line_actor("test"), ProfileForm(name="Sundays", week_start=6))
    assert run("review", "--clinic", clinic_file, "-o", tmp_path / "r.pdf").code == 0
    assert f"week of {day_text(sunday)}" in text_of((tmp_path / "r.pdf").read_bytes())


@pytest.mark.parametrize("planted", ["open to all", "a way elsewhere"])
def test_what_lies_where_a_paper_is_written_neither_opens_it_nor_leads_it_away(run, clinic_file, tmp_path, planted):
    target, beside, elsewhere = tmp_path / "o.zip", tmp_path / "o.zip.part", tmp_path / "elsewhere"
    if planted == "open to all":
        beside.write_bytes(b"")
        beside.chmod(0o666)
    else:
        elsewhere.write_bytes(b"mine")
        beside.symlink_to(elsewhere)
    assert run("export", "clinic", "--clinic", clinic_file, "-o", target).code == 0
    assert target.stat().st_mode & 0o777 == 0o600 and not target.is_symlink()
    assert not elsewhere.exists() or elsewhere.read_bytes() == b"mine"


def test_backup_restore_verify(run, clinic_file, tmp_path):
    assert run("backup", "--clinic", clinic_file, "-o", tmp_path / "b.duckdb").code == 0
    refused(run("backup", "--clinic", clinic_file, "-o", tmp_path / "b.duckdb"), "exists")
    assert run("restore", tmp_path / "b.duckdb", "--clinic", tmp_path / "again.duckdb").code == 0
    assert run("patients", "--clinic", tmp_path / "again.duckdb", "--json").json == run("patients", "--clinic", clinic_file, "--json").json
    assert run("verify", "--clinic", tmp_path / "again.duckdb").code == 0
    assert run("verify", "--clinic", clinic_file, "--json").json["good"] is True
    refused(run("restore", tmp_path / "b.duckdb", "--clinic", clinic_file), "exists")
    refused(run("restore", tmp_path / "none", "--clinic", tmp_path / "n.duckdb"), "none")
    (tmp_path / "bad.duckdb").write_bytes((tmp_path / "b.duckdb").read_bytes()[:5000])
    refused(run("restore", tmp_path / "bad.duckdb", "--clinic", tmp_path / "n.duckdb"))
    assert not (tmp_path / "n.duckdb").exists()


def test_a_whole_clinic_out_and_in(run, clinic_file, tmp_path):
    assert run("export", "clinic", "--clinic", clinic_file, "-o", tmp_path / "x.zip").code == 0
    assert zipfile.is_zipfile(tmp_path / "x.zip")
    assert run("import", "clinic", tmp_path / "x.zip", "--clinic", tmp_path / "new.duckdb").code == 0
    assert run("patients", "--clinic", tmp_path / "new.duckdb", "--json").json == run("patients", "--clinic", clinic_file, "--json").json
    assert run("verify", "--clinic", tmp_path / "new.duckdb").code == 0
    refused(run("import", "clinic", tmp_path / "x.zip", "--clinic", clinic_file), "exists")
    (tmp_path / "bad.zip").write_bytes(b"rubbish")
    refused(run("import", "clinic", tmp_path / "bad.zip", "--clinic", tmp_path / "n.duckdb"), "ZIP")
    assert not (tmp_path / "n.duckdb").exists()


def test_patients_from_a_table(run, clinic_file, tmp_path):
    table = tmp_path / "p.csv"
    table.write_text("number,given_name,birth_date,sex\nN1,Ada,1990-01-01,female\nN2,Bo,1990-13-01,male\n")
    ran = run("import", "patients", "--clinic", clinic_file, table, "--json")
    refused(ran, "line 3", "--partial")
    assert [row["status"] for row in json.loads(ran.out)] == ["accepted", "refused"]
    assert "N1" not in run("patients", "--clinic", clinic_file).out
    ran = run("import", "patients", "--partial", table, "--clinic", clinic_file)
    assert ran.code == 0
    assert "1 patients stored, 1 rows refused" in ran.out
    assert {"number": "N1", "status": "no episode"}.items() <= run("patients", "--clinic", clinic_file, "--json").json[-1].items()


def test_runs_of_a_patient(run, clinic_file, tmp_path):
    (tmp_path / "run.fit").write_bytes(a_fit_file(a_session(avg_cadence=81)))
    (tmp_path / "ride.fit").write_bytes(a_fit_file(a_session("cycling")))
    (tmp_path / "bad.fit").write_bytes(b"bad")
    words = ["import", "runs", tmp_path / "run.fit", "--clinic", clinic_file, tmp_path / "ride.fit", "--patient", "D001",
             tmp_path / "bad.fit", "--json"]
    ran = run(*words)
    assert ran.code == 0
    first = ran.json
    assert [(one["file"], one["status"]) for one in first] == [("run.fit", "imported"), ("ride.fit", "not_a_run"), ("bad.fit", "refused")]
    assert set(first[0]) >= {"file", "status", "km", "minutes", "cadence_spm", "descent_m", "started", "why"}
    assert (first[0]["km"], first[0]["minutes"], first[0]["cadence_spm"]) == (5.0, 30.0, 162.0)
    assert run(*words).json[0]["status"] == "duplicate"
    refused(run("import", "runs", "--clinic", clinic_file, "--patient", "D001", tmp_path / "bad.fit"), "bad.fit")
    refused(run("import", "runs", "--clinic", clinic_file, "--patient", "D001", tmp_path / "no.fit"), "no.fit")
    refused(run("import", "runs", "--clinic", clinic_file, "--patient", "D9", tmp_path / "run.fit"), "D9")
    misused(run("import", "runs", "--clinic", clinic_file, tmp_path / "run.fit"), "--patient")


def test_accounts_with_the_password_from_standard_input(run, clinic_file, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("four tall oaks sway\n"))
    assert run("user", "add", "anna", "--clinic", clinic_file, "--role", "assistant").code == 0
    names = {one["name"]: one for one in run("user", "list", "--clinic", clinic_file, "--json").json}
    assert names["anna"]["role"] == "assistant"
    assert run("user", "disable", "anna", "--clinic", clinic_file).code == 0
    assert "disabled" in run("user", "list", "--clinic", clinic_file).out
    refused(run("user", "disable", "anna", "--clinic", clinic_file), "already")
    refused(run("user", "disable", "nobody", "--clinic", clinic_file), "nobody")
    for typed, names_ in (("short\n", "Password"), ("", "No password")):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        refused(run("user", "add", "bert", "--clinic", clinic_file, "--role", "lead"), names_)
    misused(run("user", "add", "bert", "--clinic", clinic_file, "--role", "king"), "king")


def test_the_log_names_the_operating_system_user(run, clinic_file, tmp_path, monkeypatch):
    from kneeclinic.clinic import open_clinic
    from kneeclinic.store import read_audit

    monkeypatch.setattr("getpass.getuser", lambda: "ada")
    assert run("backup", "--clinic", clinic_file, "-o", tmp_path / "b.duckdb").code == 0
    with open_clinic(clinic_file) as clinic:
        line = read_audit(clinic.database, action="backup")[0]
    assert (line.actor_name, line.origin) == ("ada", "command line")


def test_a_large_clinic_is_generated_the_same_for_the_same_seed_and_is_whole(run, tmp_path):
    assert run("generate", tmp_path / "g.duckdb", "--patients", "12", "--visits", "5", "--seed", "4").code == 0
    assert run("generate", "--patients", "12", tmp_path / "h.duckdb", "--visits", "5", "--seed", "4").code == 0
    assert run("verify", "--clinic", tmp_path / "g.duckdb").code == 0
    first, second = (run("patients", "--clinic", tmp_path / name, "--json").json for name in ("g.duckdb", "h.duckdb"))
    assert first == second
    assert len(first) == 12
    refused(run("generate", tmp_path / "g.duckdb", "--patients", "1", "--visits", "1"), "exists")
    misused(run("generate", tmp_path / "i.duckdb", "--patients", "0", "--visits", "1"), "0")


def test_a_demo_never_overwrites(run, clinic_file):
    refused(run("demo", clinic_file), "exists")
    misused(run("demo", "x", "--patients", "many"), "many")


def kneeclinic(*words: object, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "kneeclinic", *map(str, words)], cwd=ROOT, capture_output=True, text=True, timeout=60,
                          env=dict(os.environ), check=False, **more)


def test_as_a_program_it_answers_with_exit_codes_and_no_traceback():
    done = kneeclinic("score", "fpi6", "-1", "2", "0", "1", "1", "1", "--json")
    assert (done.returncode, json.loads(done.stdout)["score"]) == (0, 4)
    wrong = kneeclinic("score", "akps", "7")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.count("\n") == 1
    assert kneeclinic("score").returncode == 2


def test_a_reader_that_goes_away_is_no_traceback():
    shell = subprocess.run(f"{sys.executable} -m kneeclinic figure --list | head -n 1", shell=True, cwd=ROOT, capture_output=True, text=True,
                           timeout=60, check=False)
    assert "Traceback" not in shell.stderr
    assert "BrokenPipe" not in shell.stderr


def test_an_interrupt_is_one_line(run, monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kneeclinic.commands.findings.say", interrupt)
    ran = run("score", "akps", *AKPS)
    assert (ran.code, ran.err.count("\n")) == (1, 1)


def test_a_fault_of_the_program_is_one_line_too(run, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("Guadalupe\nHernández")

    monkeypatch.setattr("kneeclinic.commands.findings.say", broken)
    ran = run("score", "akps", *AKPS)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "fault of the program (ZeroDivisionError at findings.py:" in ran.err
    assert "Guadalupe" not in ran.err, "the message of a fault may quote a record"


def test_a_clinic_that_is_open_elsewhere_is_told_by_process(run, clinic_file):
    code = f"import duckdb, time; held = duckdb.connect({clinic_file!r}); print('open', flush=True); time.sleep(30)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            holder.stdout.readline()
            refused(run("patients", "--clinic", clinic_file), str(holder.pid))
        finally:
            holder.kill()


def test_main_is_what_the_module_runs():
    assert main(["--version"]) == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a thing of Linux and macOS")
def test_a_pipe_is_written_to_and_never_replaced(run, tmp_path):
    pipe = tmp_path / "drawing.svg"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit(pipe.read_bytes)
        ran = run("figure", "clamshell", "-o", str(pipe))
        assert ran.code == 0 and pipe.is_fifo()
        assert b"<svg" in read.result(10)
