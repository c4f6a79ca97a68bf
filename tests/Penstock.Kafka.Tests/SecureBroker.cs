using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Penstock.Tests.Shared;

namespace Penstock.Kafka.Tests;

/// <summary>
/// A broker that requires a password or a secure connection, and permissions for everything. The tests themselves use another listener.
/// </summary>
public sealed class SecureBroker : IAsyncLifetime
{
    /// <summary>The password of every user, which is so unusual that no message can contain it by chance.</summary>
    public const string Password = "s3cr3t-Xq7-pass";

    /// <summary>The number of users, from <c>user0</c>. Each test uses another one, because permissions belong to users.</summary>
    private const int Users = 40;

    // The client library has no name for it, but passes on the number.
    private const ResourceType TransactionalId = (ResourceType)5;

    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-tls-").FullName;
    private Broker? _broker;
    private int _passwordPort;
    private int _securePort;
    private int _users;
    private IAdminClient? _admin;

    /// <summary>The broker as its administrator connects to it.</summary>
    public Broker Broker
    {
        get
        {
            Assert.SkipUnless(_broker != null, Broker.Missing);
            return _broker!;
        }
    }

    /// <summary>The listener that requires a user and a password.</summary>
    public string PasswordAddress => Address(_passwordPort);

    /// <summary>The listener with secure connections.</summary>
    public string SecureAddress => Address(_securePort);

    /// <summary>The certificate of the authority that has signed the certificate of the broker, as a PEM file.</summary>
    public string Authority => Path.Combine(_folder, "authority.pem");

    /// <summary>The certificate of an unrelated authority.</summary>
    public string OtherAuthority => Path.Combine(_folder, "other.pem");

    public async ValueTask InitializeAsync()
    {
        if (Broker.IsAvailable)
        {
            WriteCertificates();
            _broker = await Broker.StartAsync(Properties);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _admin?.Dispose();
        await (_broker?.DisposeAsync() ?? default);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Returns a user without permissions.</summary>
    public string NewUser() => string.Create(CultureInfo.InvariantCulture, $"user{Interlocked.Increment(ref _users) - 1}");

    /// <summary>Grants a user an operation on a topic.</summary>
    public static IEnumerable<AclBinding> Topic(string user, string topic, params AclOperation[] operations) =>
        Bindings(user, ResourceType.Topic, topic, ResourcePatternType.Literal, operations);

    /// <summary>Grants a user an operation on the groups of Penstock.</summary>
    public static IEnumerable<AclBinding> Groups(string user, params AclOperation[] operations) =>
        Bindings(user, ResourceType.Group, "penstock-", ResourcePatternType.Prefixed, operations);

    /// <summary>Grants a user the transactional ids of Penstock.</summary>
    public static IEnumerable<AclBinding> Transactions(string user) =>
        Bindings(user, TransactionalId, "penstock-", ResourcePatternType.Prefixed, AclOperation.Write);

    public Task AllowAsync(IEnumerable<AclBinding> bindings)
    {
        _admin ??= new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Broker.Address }).Build();
        return _admin.CreateAclsAsync(bindings);
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static IEnumerable<AclBinding> Bindings(
        string user,
        ResourceType type,
        string name,
        ResourcePatternType pattern,
        params AclOperation[] operations) => operations.Select(operation => new AclBinding
        {
            Pattern = new ResourcePattern { Type = type, Name = name, ResourcePatternType = pattern },
            Entry = new AccessControlEntry
            {
                Principal = "User:" + user,
                Host = "*",
                Operation = operation,
                PermissionType = AclPermissionType.Allow
            },
        });

    private IEnumerable<string> Properties(int port)
    {
        (_passwordPort, _securePort) = (FreePort.Find(), FreePort.Find());
        var controller = FreePort.Find();
        var listeners = string.Create(
            CultureInfo.InvariantCulture,
            $"PLAINTEXT://127.0.0.1:{port},PASSWORD://127.0.0.1:{_passwordPort},SECURE://127.0.0.1:{_securePort},CONTROLLER://127.0.0.1:{controller}");
        return
        [
            "listeners=" + listeners,
            "advertised.listeners=" + listeners,
            "controller.quorum.bootstrap.servers=" + Address(controller),
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PASSWORD:SASL_PLAINTEXT,SECURE:SSL,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name=PLAINTEXT",
            "sasl.enabled.mechanisms=PLAIN",
            "listener.name.password.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required "
                + string.Join(' ', Enumerable.Range(0, Users).Select(static user => $"user_user{user}=\"{Password}\""))
                + ";",
            "listener.name.secure.ssl.keystore.type=PEM",
            "listener.name.secure.ssl.keystore.location=" + Path.Combine(_folder, "broker.pem"),
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users=User:ANONYMOUS",
        ];
    }

    private void WriteCertificates()
    {
        using var authority = CreateAuthority(Authority);
        using var other = CreateAuthority(OtherAuthority);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=broker", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, [1, 2, 3, 4]);
        File.WriteAllText(
            Path.Combine(_folder, "broker.pem"),
            $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n{authority.ExportCertificatePem()}\n");
    }

    private static X509Certificate2 CreateAuthority(string path)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            $"CN={Path.GetFileNameWithoutExtension(path)}",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true,
            hasPathLengthConstraint: false,
            0,
            critical: true));
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(path, certificate.ExportCertificatePem());
        return certificate;
    }
}
