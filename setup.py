"""Only what pyproject.toml cannot say: `content/` at the root is shipped inside the package, with every other file."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages("src", exclude=["*.tests", "*.tests.*"]), "xaso.content"],
    package_dir={"": "src", "xaso.content": "content"},
    package_data={
        "xaso.content": ["**/*"],
        "": [
            "templates/**/*",
            "static/**/*",
            "fonts/*",
            "data/**/*",
            "locale/**/*",
            "*.txt",
            "*.yaml",
            "*.typ",
            "*.json",
        ],
    },
)
