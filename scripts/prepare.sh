#!/bin/sh
# Get what the tests use beyond Python: a browser for JupyterLab, PostgreSQL, Prometheus, shells and jq for the command line, and on Linux a faster BLAS for mlx.
# Installs only where it may without asking anybody (apt as root or by sudo without a password, Homebrew, playwright's own browser),
# and says so first; PREPARE=no leaves the machine as it is.
# usage: prepare.sh VENV       prints, as one line, what the tests must do without and how to get it
set -eu
python=$1/bin/python here=$(dirname "$0")

say() { printf '%s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

# What there is is asked again after installing: a package that is installed is not yet a program that starts
has_browser() { "$python" -m scripts.browser >/dev/null 2>&1; }
has_postgres() { [ -n "${POSTGRES_URL:-}" ] || sh "$here/postgres.sh" where >/dev/null 2>&1; }
has_prometheus() { promtool --version >/dev/null 2>&1; }  # it comes with the server
has_blas() { [ "$system" != Linux ] || PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null | grep -q 'libopenblas\.so\.0'; }

has_tool() { "$1" --version >/dev/null 2>&1; }

missing() {
    if ! has_browser; then echo browser; fi
    if ! has_postgres; then echo postgres; fi
    if ! has_prometheus; then echo prometheus; fi
    if ! has_blas; then echo blas; fi
    for each in jq zsh fish; do if ! has_tool "$each"; then echo "$each"; fi; done
}

# apt, as whoever may: never a question, neither for a password nor for a setting
apt() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o DPkg::Lock::Timeout=120 "$@"; }

# Each package by itself: one that this system does not have must not keep the others away
with_apt() {
    say "installing $* (apt)"
    if apt -o APT::Update::Error-Mode=any update >&2; then reached=yes; else say "  the package lists could not be renewed"; fi
    for package; do
        if apt install --yes --no-install-recommends "$package" </dev/null >/dev/null; then reached=yes
        else say "  $package could not be installed"
        fi
    done
}

with_brew() {
    say "installing $* (Homebrew)"
    for package; do
        NONINTERACTIVE=1 brew install --quiet "$package" </dev/null >&2 || say "  $package could not be installed"
    done
}

# What its browser needs beside itself comes from apt, where that may be and answers
with_playwright() {
    say "installing chromium (playwright)"
    if [ -n "$reached" ] && get --with-deps; then return; fi
    get || say "  playwright's chromium could not be installed"
}
get() { "$python" -m scripts.browser get "$@" </dev/null >/dev/null; }

system=$(uname -s) sudo='' manager='' reached=''
case $system in
Linux)
    if has apt-get; then
        if [ "$(id -u)" = 0 ]; then manager=apt
        elif has sudo && sudo -n true 2>/dev/null; then manager=apt sudo='sudo -n'
        fi
    fi
    ;;
Darwin) if has brew; then manager=brew; fi ;;
esac

lacking=$(missing)
if [ -n "$lacking" ] && [ "${PREPARE:-yes}" != no ]; then
    packages=''
    for each in $lacking; do
        case $manager-$each in
        apt-browser) packages="$packages chromium" ;;
        apt-postgres) packages="$packages postgresql" ;;
        apt-prometheus | brew-prometheus) packages="$packages prometheus" ;;
        apt-blas) packages="$packages libopenblas0-pthread" ;;
        apt-jq | apt-zsh | apt-fish | brew-jq | brew-zsh | brew-fish) packages="$packages $each" ;;
        brew-postgres) packages="$packages postgresql@17" ;;  # a browser comes by playwright: Homebrew's would move into Applications
        esac
    done
    if [ -n "$packages" ]; then with_$manager $packages; fi
    if ! has_browser; then with_playwright; fi
    lacking=$(missing)
fi

case $system in
Darwin) get=brew browser='install Google Chrome' postgres='brew install postgresql@17' prometheus='brew install prometheus' ;;
*) get=apt-get browser='apt-get install chromium' postgres='apt-get install postgresql' prometheus='apt-get install prometheus' ;;
esac
left_out='' tools=''
for each in $lacking; do
    case $each in
    browser) what="JupyterLab in a browser ($browser, or $1/bin/playwright install chromium)" ;;
    postgres) what="the registry on PostgreSQL ($postgres, or set POSTGRES_URL)" ;;
    prometheus) what="metrics read by Prometheus ($prometheus)" ;;
    jq | zsh | fish) tools="$tools $each" && continue ;;
    *) continue ;;  # without the BLAS everything is tried, only more slowly
    esac
    left_out="${left_out:+$left_out; }$what"
done
if [ -n "$tools" ]; then left_out="${left_out:+$left_out; }the command line with$tools ($get install$tools)"; fi
if [ -n "$left_out" ]; then echo "$left_out"; fi
