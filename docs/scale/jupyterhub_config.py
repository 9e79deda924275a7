# A JupyterHub to try things out on one machine, as the test starts it: one password for everybody, each
# user's JupyterLab a plain process of the account that runs the hub. For a class take your own authenticator
# and spawner and leave the rest. The kernel asks nothing of them: its kernelspec lies in the environment.
import os

c = get_config()  # noqa: F821

c.JupyterHub.bind_url = os.environ.get("HUB_URL", "http://127.0.0.1:8000")
c.JupyterHub.hub_port = int(os.environ.get("HUB_PORT", "8081"))
c.ConfigurableHTTPProxy.api_url = os.environ.get("HUB_PROXY_API", "http://127.0.0.1:8001")
c.ConfigurableHTTPProxy.command = os.environ.get("HUB_PROXY", "configurable-http-proxy").split()

# For trying out only: whoever knows the password is any user, and users are not kept apart.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["HUB_PASSWORD"]
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.path.join(os.environ["HUB_HOMES"], "{username}")

if os.getuid() == 0:
    c.Spawner.args = ["--allow-root"]  # as in a container

c.Spawner.default_url = "/lab"
# One native TensorFlow for all users, where `gatebook setup` put it; else each kernel looks in its own home.
if "XDG_CACHE_HOME" in os.environ:
    c.Spawner.environment = {"XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]}
