# Short names for the commands that CI runs. `just` alone lists them.
default:
    @just --list

check:
    uv run --all-groups ruff format --check .
    uv run --all-groups ruff check .
    uv run --all-groups basedpyright
    uv run --all-groups lint-imports

test *args:
    uv run --group dev pytest {{args}}

docs:
    uv run --group docs mkdocs build --strict

charts:
    cd js && npm ci && npm run build
