<?php
// Answers for PHP's own server and for PHP-FPM, with the routes of examples/python-server but no `call`.
// usage: php -S HOST:PORT router.php

function sized(int $status, string $body): array
{
    http_response_code($status);
    if (in_array($status, [204, 304], true)) {
        return [$status, 0];
    }
    header('Content-Length: ' . strlen($body));
    if ($_SERVER['REQUEST_METHOD'] === 'HEAD') {
        return [$status, 0];
    }
    echo $body;
    return [$status, strlen($body)];
}

function answer(string $path): array
{
    [$route, $argument] = explode('/', substr($path, 1), 2) + ['', ''];
    switch ($route) {
        case '':
            return sized(200, "hello from php\n");
        case 'echo':
            return sized(200, file_get_contents('php://input'));
        case 'delay':
            usleep(1000 * (int) ($_GET['ms'] ?? 100));
            return sized(200, "waited\n");
        case 'status':
            return preg_match('/^[2-5]\d\d$/', $argument) ? sized((int) $argument, "status $argument\n") : sized(404, "not found\n");
        case 'bytes':
            return sized(200, str_repeat('x', (int) ($_GET['n'] ?? 1024)));
        default:
            return sized(404, "not found\n");
    }
}

header_remove('X-Powered-By');
header('Content-Type: text/plain');
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
[$status, $sent] = answer($path);
file_put_contents('php://stderr', "access {$_SERVER['REQUEST_METHOD']} $path $status $sent\n");
