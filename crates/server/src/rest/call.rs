use clock::Nanos;
use gateway::{Principal, Role};
use library::catalogue::Page;
use library::{ItemId, RootId, TrackId};

use crate::House;
use crate::subsonic::listing;
use crate::subsonic::{Code, Failure, Parameters};

/// A request of somebody who is known.
pub(crate) struct Call {
    pub(crate) house: House,
    pub(crate) who: Principal,
    /// From where they ask.
    pub(crate) client: String,
    /// The client, as it calls itself.
    pub(crate) player: String,
    pub(crate) parameters: Parameters,
    /// The body, for the method that takes one that is no form.
    pub(crate) json: Vec<u8>,
}

/// What a method answers, where it is one of those a file knows.
pub(crate) type Answered = Option<Result<crate::subsonic::Node, Failure>>;

impl Call {
    /// The id in a parameter.
    pub(crate) fn id<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, Failure> {
        id(self.parameters.required(name)?)
    }

    /// Every id in a parameter that may stand several times.
    pub(crate) fn ids<T: std::str::FromStr>(&self, name: &'static str) -> Result<Vec<T>, Failure> {
        self.parameters.all(name).map(id).collect()
    }

    /// Every thing named by `id`, `albumId` and `artistId`.
    pub(crate) fn items(&self) -> Result<Vec<ItemId>, Failure> {
        let mut items = self.ids("id")?;
        items.extend(self.ids("albumId")?.into_iter().map(ItemId::AlbumId));
        items.extend(self.ids("artistId")?.into_iter().map(ItemId::ArtistId));
        if items.is_empty() { Err(Failure::missing("id")) } else { Ok(items) }
    }

    /// A part of a list.
    pub(crate) fn page(
        &self,
        count: &'static str,
        offset: &'static str,
        default: u32,
    ) -> Result<Page, Failure> {
        let page = listing::Page::of(&self.parameters, count, offset, default)?;
        Ok(Page { offset: page.offset, limit: u64::from(page.count) })
    }

    /// The root a client wants to see alone.
    pub(crate) fn root(&self) -> Result<Option<RootId>, Failure> {
        let Some(number) = self.parameters.within("musicFolderId", 0..=i64::MAX)? else {
            return Ok(None);
        };
        let roots = self.house.library.roots()?;
        let root = roots.iter().find(|root| root.id.0 == number);
        root.map(|root| Some(root.id)).ok_or(Failure::new(Code::NotFound))
    }

    /// The moment it is.
    pub(crate) fn now(&self) -> Nanos {
        self.house.accounts.now().read()
    }

    /// Refuses who is no admin.
    pub(crate) fn admin(&self) -> Result<(), Failure> {
        match self.who.role {
            Role::Admin => Ok(()),
            Role::Listener => Err(Failure::new(Code::NotAuthorized)),
        }
    }

    /// The track in `id`.
    pub(crate) fn track(&self) -> Result<TrackId, Failure> {
        self.id("id")
    }
}

/// An id of another kind, or of nothing: it is not there.
fn id<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::new(Code::NotFound))
}

impl From<library::Error> for Failure {
    fn from(error: library::Error) -> Self {
        match error {
            // A picture that cannot be shown is none.
            library::Error::Absent(_) | library::Error::Picture(_) => Self::new(Code::NotFound),
            library::Error::Asked { .. } => Self::saying(Code::Generic, "A value is not accepted"),
            other => {
                tracing::error!(error = %other, "the library did not answer");
                Self::new(Code::Generic)
            }
        }
    }
}
