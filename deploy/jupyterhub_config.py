"""What The Littlest JupyterHub, or any hub on one machine, needs to know about the course.

TLJH: copy this file to /opt/tljh/config/jupyterhub_config.d/coursekit.py and run
`sudo tljh-config reload hub`. Elsewhere: load it from your own jupyterhub_config.py.
"""

c = get_config()  # noqa: F821

c.Spawner.cmd = ["/opt/tljh/user/bin/python", "-m", "coursekit.desk.hub"]
c.Spawner.environment = {"COURSEKIT_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
c.Spawner.mem_limit = "2G"  # a learner's server and one lesson; docs/hub.md has the figures

# Seconds until a server answers. The first start copies seven lessons;
# a whole class may start at once.
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
